import type { IsolationFix } from "../plan/finding.ts";

/** How one step of the examination came out. */
export type StepStatus = "ok" | "warning" | "problem" | "skipped";

/** One of the seven steps of the guide's debugging workflow, done by MCPProxy itself. */
export interface DoctorStep {
  readonly step: 1 | 2 | 3 | 4 | 5 | 6 | 7;
  readonly title: string;
  readonly status: StepStatus;
  /** What was found, in one or a few sentences. */
  readonly found: string;
  /** What to do; null when there is nothing to do. */
  readonly remedy: string | null;
  /** Lines that show it: log lines, the docker command. */
  readonly lines: readonly string[];
}

/** A change that MCPProxy can make in the config file. */
export interface DoctorFix {
  readonly reason: string;
  readonly change: IsolationFix;
}

export interface DoctorReport {
  readonly server: string;
  readonly isHealthy: boolean;
  readonly steps: readonly DoctorStep[];
  readonly fixes: readonly DoctorFix[];
}
