import { formatBytes } from "@mcpproxy/core/format/bytes";

/** "3 caches, 1.2 GiB"; says so when the engine did not tell every size. */
export function describeCacheSum(caches: readonly { readonly sizeBytes: number | null }[]): string {
  const known = caches.flatMap(({ sizeBytes }) => (sizeBytes === null ? [] : [sizeBytes]));
  const count = `${caches.length} ${caches.length === 1 ? "cache" : "caches"}`;
  if (known.length === 0) return count;
  const sum = formatBytes(known.reduce((total, size) => total + size, 0));
  return known.length === caches.length ? `${count}, ${sum}` : `${count}, at least ${sum}`;
}
