import { formatDuration } from "@mcpproxy/core/format/duration";
import type { HealthCheckSettings } from "@mcpproxy/core/plan/effective-settings";
import type { StopIntent } from "@mcpproxy/core/verdict/exit-evidence";
import type { Bridge } from "../bridge/bridge.ts";
import type { Clock } from "./clock.ts";
import { HealthCheck } from "./health-check.ts";
import { pingServer } from "./ping-server.ts";
import { policyIntent } from "./policy-intent.ts";
import type { RunRecorder } from "./run-recorder.ts";

export interface RunHealthOptions {
  readonly bridge: Bridge;
  readonly recorder: Pick<RunRecorder, "event">;
  readonly clock: Clock;
  settings(): HealthCheckSettings;
  isExcused(): boolean;
  stop(intent: StopIntent): Promise<unknown>;
}

/** The health check of one run: changes stand in its timeline, and a run that does not answer is stopped. */
export function createRunHealth({ bridge, recorder, clock, settings, isExcused, stop }: RunHealthOptions): HealthCheck {
  return new HealthCheck({
    settings,
    isExcused,
    quietForMs: () => bridge.quietForMs,
    ping: (onAnswer) => pingServer(bridge, onAnswer),
    onFailed: () =>
      recorder.event("health-check-failed", `Did not answer a ping within ${formatDuration(settings().timeoutMs)}.`),
    onPassedAgain: () => recorder.event("health-check-passed-again", "Answers pings again."),
    onUnhealthy: (failures) => {
      const detail = `Did not answer ${failures} health ${failures === 1 ? "check" : "checks"}`;
      void stop(policyIntent(clock, { policy: "unhealthy", detail }));
    },
  });
}
