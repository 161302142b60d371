import { formatBytes } from "@mcpproxy/core/format/bytes";
import { describePull, pullShare } from "@mcpproxy/core/run/describe-pull";
import type { LayerProgress, PullProgress } from "@mcpproxy/core/run/server-record";
import { shownLayers } from "./shown-layers.ts";

/** How far the download of an image is, as a whole and layer by layer. */
export function PullState({ pull }: { pull: PullProgress }) {
  const share = pullShare(pull) ?? 0;
  const { layers, leftOut } = shownLayers(pull.layers);
  return (
    <div className="flex max-w-md flex-col gap-1 text-xs tabular-nums">
      <span>
        Pulling <code>{pull.image}</code>: {describePull(pull)}
      </span>
      <progress aria-label={`Pulling ${pull.image}`} max={1} value={share} className="sr-only" />
      <svg aria-hidden viewBox="0 0 100 4" preserveAspectRatio="none" className="h-1 w-full rounded-full">
        <rect width="100" height="4" className="fill-sunken-strong" />
        <rect width={share * 100} height="4" className="fill-accent" />
      </svg>
      {layers.length > 0 && (
        <ul aria-label={`Layers of ${pull.image}`} className="text-soft">
          {layers.map((layer) => (
            <li key={layer.id} className="grid grid-cols-[7rem_5.5rem_minmax(0,1fr)] gap-x-2">
              <code>{layer.id}</code>
              <span>{layer.status}</span>
              <span className="text-right whitespace-nowrap">{layerBytes(layer)}</span>
            </li>
          ))}
          {leftOut > 0 && <li>and {leftOut} more</li>}
        </ul>
      )}
    </div>
  );
}

function layerBytes({ status, bytesDone, bytesTotal }: LayerProgress): string {
  if (bytesTotal === 0) return "";
  return status === "downloading" ? `${formatBytes(bytesDone)} of ${formatBytes(bytesTotal)}` : formatBytes(bytesTotal);
}
