/** What well-known secrets look like; each matches only the part to mask, in linear time. */
const tokenShapes: readonly RegExp[] = [
  /(?<=\b[Bb](?:earer|asic)\s{1,4})[\w.~+/=-]{8,}/,
  /(?<=\bBEARER\s{1,4})[\w.~+/=-]{8,}/,
  /\bsk-[\w-]{16,}/,
  /\b[rs]k_(?:live|test)_\w{16,}/,
  /\bgh[pousr]_[A-Za-z0-9]{20,}/,
  /\bgithub_pat_\w{20,}/,
  /\bglpat-[\w-]{16,}/,
  /\bnpm_[A-Za-z0-9]{30,}/,
  /\bhf_[A-Za-z0-9]{20,}/,
  /\bxox[abeprs]-[\w-]{10,}/,
  /\bA[KS]IA[0-9A-Z]{16}\b/,
  /\bAIza[\w-]{35}/,
  /\beyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*/,
  /(?<=[?&](?:api_?key|access_token|token)=)[^&\s"']+/,
  /(?<=:\/\/[^\s:/@]{0,64}:)[^\s:/@]{1,256}(?=@)/,
];

/** All shapes in one expression: a busy server writes ten thousand lines a second. */
export const anyTokenShape = new RegExp(tokenShapes.map((shape) => shape.source).join("|"), "g");
