import type { RunRecord } from "@mcpproxy/core/run/run-record";
import { runStatus, verdictStatus, type StatusWords } from "../status/status-words.ts";

/** The verdict of an ended run, else what the run does now. */
export function statusOfRun(run: Pick<RunRecord, "state" | "verdict">): StatusWords {
  return run.verdict === null ? runStatus[run.state] : verdictStatus(run.verdict);
}
