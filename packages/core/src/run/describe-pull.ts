import { formatBytes } from "../format/bytes.ts";
import type { PullProgress } from "./server-record.ts";

/** Downloaded share from 0 to 1; undefined while the size of a layer is still unknown. */
export function pullShare({ bytesDone, bytesTotal, layers }: PullProgress): number | undefined {
  const isSizeUnknown = layers.some(({ status, bytesTotal: total }) => status === "waiting" && total === 0);
  return isSizeUnknown || bytesTotal === 0 ? undefined : Math.min(1, bytesDone / bytesTotal);
}

/** How far a pull is, in a few words: "40 %, 48 MiB of 120 MiB, 2 of 8 layers". */
export function describePull(progress: PullProgress): string {
  const { state, bytesDone, bytesTotal, layersDone, layersTotal } = progress;
  if (state === "queued") return "waiting for other pulls";
  if (layersTotal === 0) return "asking the registry";
  const layers = `${layersDone} of ${layersTotal} layers`;
  if (layersDone === layersTotal) return `${formatBytes(bytesTotal)}, ${layers}`;
  const share = pullShare(progress);
  if (share === undefined) return bytesDone === 0 ? layers : `${formatBytes(bytesDone)}, ${layers}`;
  if (share === 1) return `extracting ${formatBytes(bytesTotal)}, ${layers}`;
  return `${Math.floor(share * 100)} %, ${formatBytes(bytesDone)} of ${formatBytes(bytesTotal)}, ${layers}`;
}
