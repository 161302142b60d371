/** Lines in the place and height of what is being loaded. */
export function Skeleton({ rows, label }: { rows: number; label: string }) {
  return (
    <div role="status" aria-label={label} className="flex flex-col">
      {Array.from({ length: rows }, (_, index) => (
        <div key={index} className="flex h-11 items-center border-t border-line first:border-t-0">
          <div className="h-3 w-full rounded bg-sunken motion-safe:animate-pulse" />
        </div>
      ))}
    </div>
  );
}
