import { Bytes } from "./bytes.tsx";
import { NoValue } from "./no-value.tsx";

const nearLimit = 0.9;

/** Memory against its limit, as a bar and in words. */
export function MemoryBar({
  label,
  bytes,
  limitBytes,
}: {
  label: string;
  bytes: number | null;
  limitBytes: number | null;
}) {
  if (bytes === null) return <NoValue />;
  if (limitBytes === null) return <Bytes bytes={bytes} />;
  const share = Math.min(1, bytes / limitBytes);
  return (
    <span className="inline-flex w-36 flex-col gap-1">
      <span className="whitespace-nowrap tabular-nums">
        <Bytes bytes={bytes} />{" "}
        <span className="text-soft">
          of <Bytes bytes={limitBytes} />
        </span>
      </span>
      <svg
        role="img"
        aria-label={`${label}: ${Math.round(share * 100)} % of the limit`}
        viewBox="0 0 100 4"
        preserveAspectRatio="none"
        className="h-1 w-full rounded-full"
      >
        <rect width="100" height="4" className="fill-sunken-strong" />
        <rect width={share * 100} height="4" className={share >= nearLimit ? "fill-bad" : "fill-accent"} />
      </svg>
    </span>
  );
}
