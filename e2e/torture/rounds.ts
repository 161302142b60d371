/** How much of everything random is done: 1 in CI, more by hand. */
export const rounds = Math.max(1, Number(process.env["MCPPROXY_TORTURE_ROUNDS"] ?? 1));

/** The same numbers in each run, from 0 up to 1: a failure can be looked at again. */
export function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return state / 2_147_483_648;
  };
}
