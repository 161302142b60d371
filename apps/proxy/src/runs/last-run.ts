import type { ServerRecord } from "@mcpproxy/core/run/server-record";
import type { LiveRun } from "./live-run.ts";

export type LastVerdict = NonNullable<ServerRecord["lastVerdict"]>;

/** What stays of a server's newest ended run. */
export class LastRun {
  verdict: LastVerdict | null;
  /** Kept between runs, so that the mark on the image does not come and go. */
  imageBuiltFromHost: string | null = null;

  constructor(verdict: LastVerdict | null) {
    this.verdict = verdict;
  }

  keep(ended: LiveRun | undefined): void {
    const record = ended?.recorder.record;
    this.imageBuiltFromHost = record?.imageBuiltFromHost ?? null;
    if (record?.verdict == null || record.endedAt === null) return;
    this.verdict = { runId: record.id, endedAt: record.endedAt, verdict: record.verdict };
  }
}
