/** The known key that a misspelt one most likely means, or undefined when none is near. */
export function nearestKey(key: string, known: readonly string[]): string | undefined {
  const wanted = normalize(key);
  const ranked = known
    .map((candidate) => ({ candidate, distance: distanceBetween(wanted, normalize(candidate)) }))
    .toSorted((left, right) => left.distance - right.distance);
  const best = ranked[0];
  if (best !== undefined && best.distance <= Math.max(2, Math.floor(wanted.length / 3))) return best.candidate;
  return wanted.length < 3 ? undefined : known.find((candidate) => normalize(candidate).startsWith(wanted));
}

/** memoryLimit, memory-limit and memory_limit are the same word. */
function normalize(key: string): string {
  return key.toLowerCase().replaceAll(/[_\s-]/g, "");
}

/** Levenshtein distance, one row at a time. */
function distanceBetween(left: string, right: string): number {
  let previous = Array.from({ length: right.length + 1 }, (_, column) => column);
  for (let row = 0; row < left.length; row += 1) {
    const current = [row + 1];
    for (let column = 1; column <= right.length; column += 1) {
      const substitution = (previous[column - 1] ?? 0) + (right[column - 1] === left[row] ? 0 : 1);
      current.push(Math.min(substitution, (previous[column] ?? 0) + 1, (current[column - 1] ?? 0) + 1));
    }
    previous = current;
  }
  return previous[right.length] ?? 0;
}
