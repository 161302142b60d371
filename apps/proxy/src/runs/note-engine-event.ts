import type { EngineEvent } from "@mcpproxy/core/verdict/exit-evidence";
import type { RunRecorder } from "./run-recorder.ts";

/** Writes an engine's event of a run's container into the run's timeline, where people want to see it. */
export function noteEngineEvent(recorder: Pick<RunRecorder, "event">, event: EngineEvent): void {
  const at = { at: event.at };
  if (event.action === "oom") recorder.event("oom", "The kernel killed a process of the container: out of memory.", at);
  if (event.action === "kill") recorder.event("kill", `Signal ${event.signal ?? "?"} was sent to the container.`, at);
  if (event.action === "pause")
    recorder.event("paused", "Paused from outside: calls wait until somebody unpauses the container.", at);
  if (event.action === "unpause") recorder.event("unpaused", "Unpaused: it goes on.", at);
  if (event.action === "die")
    recorder.event("died", `The main process ended with exit code ${event.exitCode ?? "?"}.`, at);
}
