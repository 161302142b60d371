import type { Labels, MetricFamily, MetricSample } from "./metric-family.ts";

const labelSetsMax = 2_000;

interface Distribution {
  readonly labels: Labels;
  /** One for each bound, and one above all. */
  readonly counts: number[];
  sum: number;
}

/** Distributions of durations in seconds by label. */
export class Histogram {
  private readonly about: Pick<MetricFamily, "name" | "help">;
  private readonly bounds: readonly number[];
  private readonly distributions = new Map<string, Distribution>();

  /** Upper bounds in seconds, ascending. */
  constructor(about: Pick<MetricFamily, "name" | "help">, bounds: readonly number[]) {
    this.about = about;
    this.bounds = bounds;
  }

  observe(labels: Labels, seconds: number): void {
    const distribution = this.distributionOf(labels);
    if (distribution === undefined) return;
    const found = this.bounds.findIndex((bound) => seconds <= bound);
    const bucket = found === -1 ? this.bounds.length : found;
    distribution.counts[bucket] = (distribution.counts[bucket] ?? 0) + 1;
    distribution.sum += seconds;
  }

  family(): MetricFamily {
    return {
      ...this.about,
      type: "histogram",
      samples: [...this.distributions.values()].flatMap((distribution) => this.samplesOf(distribution)),
    };
  }

  private distributionOf(labels: Labels): Distribution | undefined {
    const key = JSON.stringify(labels);
    const existing = this.distributions.get(key);
    if (existing !== undefined || this.distributions.size >= labelSetsMax) return existing;
    const added = { labels, counts: [...this.bounds, 0].map(() => 0), sum: 0 };
    this.distributions.set(key, added);
    return added;
  }

  private samplesOf({ labels, counts, sum }: Distribution): readonly MetricSample[] {
    let total = 0;
    const buckets = counts.map((count, index): MetricSample => {
      total += count;
      const bound = this.bounds[index];
      return {
        suffix: "_bucket",
        labels: { ...labels, le: bound === undefined ? "+Inf" : String(bound) },
        value: total,
      };
    });
    return [...buckets, { suffix: "_sum", labels, value: sum }, { suffix: "_count", labels, value: total }];
  }
}
