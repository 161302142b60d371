import type { LayerProgress } from "@mcpproxy/core/run/server-record";

const maximumLayers = 6;
const order: Readonly<Record<LayerProgress["status"], number>> = { downloading: 0, extracting: 1, waiting: 2, done: 3 };

/** The layers of a pull that fit below its bar, those where something happens first, and how many are left out. */
export function shownLayers(layers: readonly LayerProgress[]): {
  readonly layers: readonly LayerProgress[];
  readonly leftOut: number;
} {
  const open = layers.filter(({ status }) => status !== "done");
  const sorted = open.toSorted((left, right) => order[left.status] - order[right.status]);
  return { layers: sorted.slice(0, maximumLayers), leftOut: Math.max(0, open.length - maximumLayers) };
}
