import type { StartFailure } from "@mcpproxy/core/verdict/exit-evidence";
import { EngineError } from "../engine/engine.ts";

/** What made a start fail, as evidence. Errors that are no EngineError are bugs of ours, and say so. */
export function toStartFailure(error: unknown): StartFailure | undefined {
  if (error instanceof DOMException && error.name === "AbortError") return undefined;
  if (!(error instanceof EngineError)) {
    return { stage: "create", message: `MCPProxy failed: ${error instanceof Error ? error.message : String(error)}` };
  }
  const { detail, message } = error;
  switch (detail.stage) {
    case "engine":
      return detail.remedy === undefined
        ? { stage: "engine", message }
        : { stage: "engine", message, remedy: detail.remedy };
    case "image":
      return { ...detail, message };
    case "create":
    case "start":
      return detail.exitCode === undefined
        ? { stage: detail.stage, message }
        : { stage: detail.stage, message, exitCode: detail.exitCode };
    default:
      detail satisfies never;
      return undefined;
  }
}
