import {
  builtIn,
  type EffectiveSettings,
  type HealthCheckSettings,
  type RestartSettings,
} from "../plan/effective-settings.ts";

/** When a server runs, and what follows when a run of it ends. */
export interface Supervision {
  readonly start: "eager" | "lazy";
  /** A run without calls for this long is stopped; null never. */
  readonly idleTimeoutMs: number | null;
  readonly restart: RestartSettings;
  readonly healthCheck: HealthCheckSettings;
  /** One run for every session, or one for each. */
  readonly scope: "shared" | "session";
  /** With scope "session": how many runs at most. */
  readonly maxSessions: number;
}

/** The part of a server's settings that the supervisor lives by. */
export function supervisionOf(values: EffectiveSettings["values"]): Supervision {
  const { start, idleTimeoutMs, restart, healthCheck, scope, maxSessions } = values;
  return { start, idleTimeoutMs, restart, healthCheck, scope, maxSessions };
}

/** Of a server whose entry cannot be read. */
export const supervisionByDefault = supervisionOf(builtIn);
