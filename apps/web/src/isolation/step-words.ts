import type { StepStatus } from "@mcpproxy/core/doctor/doctor-report";
import type { StatusWords } from "../status/status-words.ts";

/** How the outcome of a step of the examination looks and reads. */
export const stepWords: Readonly<Record<StepStatus, StatusWords>> = {
  ok: { label: "OK", tone: "good", icon: "check", description: "Nothing to do." },
  warning: { label: "Look at it", tone: "warning", icon: "triangle", description: "Something here may matter." },
  problem: { label: "Problem", tone: "bad", icon: "cross", description: "This keeps the server from working." },
  skipped: { label: "Skipped", tone: "neutral", icon: "dash", description: "There was nothing to look at." },
};
