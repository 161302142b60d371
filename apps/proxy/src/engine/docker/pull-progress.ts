import type { PullProgress } from "@mcpproxy/core/run/server-record";
import { z } from "zod";

const pullLineSchema = z.object({
  status: z.string().optional(),
  id: z.string().optional(),
  progressDetail: z.object({ current: z.number().optional(), total: z.number().optional() }).optional(),
  error: z.string().optional(),
});
export type PullLine = z.infer<typeof pullLineSchema>;

interface Layer {
  bytesDone: number;
  bytesTotal: number;
  isDone: boolean;
}

const layerStatuses = new Set([
  "Pulling fs layer",
  "Waiting",
  "Downloading",
  "Verifying Checksum",
  "Download complete",
  "Extracting",
  "Pull complete",
  "Already exists",
]);

/** Reads one line of the engine's answer to a pull. */
export function parsePullLine(line: string): PullLine {
  return pullLineSchema.parse(JSON.parse(line));
}

/** Adds up the lines of a pull; returns the progress when a line changed it. */
export function createPullProgress(image: string): (line: PullLine) => PullProgress | undefined {
  const layers = new Map<string, Layer>();
  return ({ id, status, progressDetail }) => {
    if (id === undefined || status === undefined || !layerStatuses.has(status)) return undefined;
    const layer = layers.get(id) ?? { bytesDone: 0, bytesTotal: 0, isDone: false };
    layers.set(id, layer);
    updateLayer(layer, status, progressDetail);
    return sum(image, [...layers.values()]);
  };
}

function updateLayer(layer: Layer, status: string, detail: PullLine["progressDetail"]): void {
  if (status === "Downloading" && detail?.current !== undefined) {
    layer.bytesDone = detail.current;
    layer.bytesTotal = Math.max(detail.total ?? 0, detail.current);
  }
  // Small layers jump to the end without having been counted to it.
  if (status === "Download complete" || status === "Pull complete") layer.bytesDone = layer.bytesTotal;
  if (status === "Pull complete" || status === "Already exists") layer.isDone = true;
}

function sum(image: string, layers: readonly Layer[]): PullProgress {
  return {
    image,
    layersDone: layers.filter((layer) => layer.isDone).length,
    layersTotal: layers.length,
    bytesDone: layers.reduce((total, layer) => total + layer.bytesDone, 0),
    bytesTotal: layers.reduce((total, layer) => total + layer.bytesTotal, 0),
  };
}
