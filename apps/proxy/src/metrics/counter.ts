import type { Labels, MetricFamily } from "./metric-family.ts";

/** More label sets than this are counted together: a config that changes all day must not fill the memory. */
const labelSetsMax = 2_000;

/** Counts by label; the values of one label set are added up under its key. */
export class Counter {
  private readonly about: Pick<MetricFamily, "name" | "help">;
  private readonly values = new Map<string, { readonly labels: Labels; value: number }>();

  constructor(about: Pick<MetricFamily, "name" | "help">) {
    this.about = about;
  }

  add(labels: Labels, amount = 1): void {
    const key = JSON.stringify(labels);
    const existing = this.values.get(key);
    if (existing !== undefined) existing.value += amount;
    else if (this.values.size < labelSetsMax) this.values.set(key, { labels, value: amount });
  }

  family(): MetricFamily {
    return { ...this.about, type: "counter", samples: [...this.values.values()] };
  }
}
