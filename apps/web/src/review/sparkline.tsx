/** Runs of the last 14 days as bars, today's at the right. */
export function Sparkline({ counts }: { counts: readonly number[] }) {
  const most = Math.max(1, ...counts);
  const total = counts.reduce((sum, count) => sum + count, 0);
  const days = counts.filter((count) => count > 0).length;
  return (
    <svg
      role="img"
      aria-label={`${total} ${total === 1 ? "run" : "runs"} on ${days} of the last ${counts.length} days, ${counts.at(-1) ?? 0} today (UTC)`}
      viewBox={`0 0 ${counts.length * 8} 28`}
      className="h-7 w-28 shrink-0"
    >
      {counts.map((count, index) => {
        const height = count === 0 ? 1 : Math.max(3, (26 * count) / most);
        return (
          // oxlint-disable-next-line react/no-array-index-key -- a day has no other name than its place
          <rect
            key={index}
            x={index * 8 + 1}
            y={28 - height}
            width="6"
            height={height}
            className={count === 0 ? "fill-sunken-strong" : "fill-bad"}
          />
        );
      })}
    </svg>
  );
}
