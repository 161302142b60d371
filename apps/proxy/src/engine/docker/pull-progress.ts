import type { LayerProgress, PullProgress } from "@mcpproxy/core/run/server-record";
import { z } from "zod";

const pullLineSchema = z.object({
  status: z.string().optional(),
  id: z.string().optional(),
  progressDetail: z.object({ current: z.number().optional(), total: z.number().optional() }).optional(),
  error: z.string().optional(),
});
export type PullLine = z.infer<typeof pullLineSchema>;

/** Reads one line of the engine's answer to a pull. */
export function parsePullLine(line: string): PullLine {
  return pullLineSchema.parse(JSON.parse(line));
}

export interface PullTracker {
  /** Takes a line in. "advanced": bytes or a further step came; "changed": a layer's state, without any byte. */
  add(line: PullLine): "advanced" | "changed" | "nothing";
  readonly progress: PullProgress;
  /** True while something must come from the registry; unpacking and waiting for the engine's own turn are not that. */
  readonly isWaitingForRegistry: boolean;
}

interface Layer {
  step: LayerStep;
  bytesDone: number;
  bytesTotal: number;
  /** Last count in the engine's words: it starts anew for extraction and for a retry. */
  lastCount: number;
}

type LayerStep = (typeof stepByStatus)[keyof typeof stepByStatus] | "retrying";

const stepByStatus = {
  "Pulling fs layer": "requested",
  Waiting: "queued",
  Downloading: "downloading",
  "Verifying Checksum": "verifying",
  "Download complete": "downloaded",
  Extracting: "extracting",
  "Pull complete": "done",
  "Already exists": "done",
} as const;

/** Adds up the lines of a pull. */
export function createPullTracker(image: string): PullTracker {
  const layers = new Map<string, Layer>();
  return {
    add({ id, status, progressDetail }) {
      const step = status === undefined ? undefined : stepOf(status);
      if (id === undefined || step === undefined) return "nothing";
      const layer = layers.get(id);
      if (layer !== undefined) return advanceLayer(layer, step, progressDetail);
      const created: Layer = { step, bytesDone: 0, bytesTotal: 0, lastCount: 0 };
      layers.set(id, created);
      advanceLayer(created, step, progressDetail);
      return "advanced";
    },
    get progress() {
      return sum(image, layers);
    },
    get isWaitingForRegistry() {
      return layers.size === 0 || [...layers.values()].some(({ step }) => registrySteps.has(step));
    },
  };
}

const registrySteps: ReadonlySet<LayerStep> = new Set(["requested", "downloading", "retrying"]);

function stepOf(status: string): LayerStep | undefined {
  if (/^Retrying in \d+ seconds?$/.test(status)) return "retrying";
  return isLayerStatus(status) ? stepByStatus[status] : undefined;
}

function isLayerStatus(status: string): status is keyof typeof stepByStatus {
  return Object.hasOwn(stepByStatus, status);
}

function advanceLayer(
  layer: Layer,
  step: LayerStep,
  detail: PullLine["progressDetail"],
): "advanced" | "changed" | "nothing" {
  const isNewStep = layer.step !== step;
  const count = detail?.current ?? layer.lastCount;
  const hasCounted = count !== layer.lastCount;
  layer.step = step;
  layer.lastCount = count;
  if (step === "downloading") {
    // A retry may begin at the first byte again.
    layer.bytesDone = Math.max(layer.bytesDone, count);
    layer.bytesTotal = Math.max(layer.bytesTotal, detail?.total ?? 0, layer.bytesDone);
  }
  // Small layers jump to the end without having been counted to it.
  if (isDownloaded(step)) layer.bytesDone = layer.bytesTotal;
  const isHeldUp = step === "retrying" || step === "queued";
  if ((isNewStep || hasCounted) && !isHeldUp) return "advanced";
  return isNewStep ? "changed" : "nothing";
}

function isDownloaded(step: LayerStep): boolean {
  return step === "downloaded" || step === "extracting" || step === "done";
}

function sum(image: string, layers: ReadonlyMap<string, Layer>): PullProgress {
  const all = [...layers].map(([id, layer]) => toLayerProgress(id, layer));
  return {
    image,
    state: "pulling",
    layersDone: all.filter(({ status }) => status === "done").length,
    layersTotal: all.length,
    bytesDone: all.reduce((total, layer) => total + layer.bytesDone, 0),
    bytesTotal: all.reduce((total, layer) => total + layer.bytesTotal, 0),
    layers: all,
  };
}

function toLayerProgress(id: string, { step, bytesDone, bytesTotal }: Layer): LayerProgress {
  return { id, status: layerStatus(step), bytesDone, bytesTotal };
}

function layerStatus(step: LayerStep): LayerProgress["status"] {
  switch (step) {
    case "requested":
    case "queued":
    case "retrying":
      return "waiting";
    case "downloading":
    case "verifying":
      return "downloading";
    case "downloaded":
    case "extracting":
      return "extracting";
    case "done":
      return "done";
    default:
      return step satisfies never;
  }
}
