import { formatBytes } from "@mcpproxy/core/format/bytes";
import type { PullProgress } from "@mcpproxy/core/run/server-record";

/** How far the download of an image is, in layers and bytes. */
export function PullState({ pull }: { pull: PullProgress }) {
  const share = pull.bytesTotal === 0 ? 0 : Math.min(1, pull.bytesDone / pull.bytesTotal);
  return (
    <div className="flex max-w-md flex-col gap-1 text-xs tabular-nums">
      <span>
        Pulling <code>{pull.image}</code>: {pull.layersDone} of {pull.layersTotal} layers, {formatBytes(pull.bytesDone)}{" "}
        of {formatBytes(pull.bytesTotal)}
      </span>
      <progress aria-label={`Pulling ${pull.image}`} max={1} value={share} className="sr-only" />
      <svg aria-hidden viewBox="0 0 100 4" preserveAspectRatio="none" className="h-1 w-full rounded-full">
        <rect width="100" height="4" className="fill-sunken-strong" />
        <rect width={share * 100} height="4" className="fill-accent" />
      </svg>
    </div>
  );
}
