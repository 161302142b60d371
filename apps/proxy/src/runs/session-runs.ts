import type { RunTrigger } from "@mcpproxy/core/run/run-record";
import type { RunEnd } from "@mcpproxy/core/supervision/restart-decision";
import type { Supervision } from "@mcpproxy/core/supervision/supervision";
import type { StopIntent } from "@mcpproxy/core/verdict/exit-evidence";
import { createSession, type Session } from "../bridge/session.ts";
import type { Handshake } from "./handshake.ts";
import type { LiveRun } from "./live-run.ts";
import type { RunDependencies } from "./run-dependencies.ts";
import { ServerUnavailableError, tooManySessionsError } from "./run-failure.ts";
import { SessionRun, type RunCallbacks } from "./session-run.ts";

export interface SessionRunsOptions {
  readonly server: string;
  readonly dependencies: RunDependencies;
  supervision(): Supervision;
  /** Resolves when a run may begin. Rejects with ServerUnavailableError. */
  admit(trigger: RunTrigger): Promise<void>;
  /** Begins a run at once. Throws ServerUnavailableError. */
  launch(trigger: RunTrigger, callbacks: RunCallbacks): LiveRun;
  onChange(): void;
  /** A run is over, and its session with it. */
  onEnded(run: SessionRun, end: RunEnd): void;
}

/** The sessions of a server that each have a run of their own. */
export class SessionRuns {
  /** The newest last; also those whose run still ends. */
  private readonly all = new Set<SessionRun>();
  private readonly options: SessionRunsOptions;

  constructor(options: SessionRunsOptions) {
    this.options = options;
  }

  /** The newest that has a run. */
  get newest(): SessionRun | undefined {
    return [...this.all].findLast((run) => run.live !== undefined);
  }

  get live(): readonly LiveRun[] {
    return [...this.all].flatMap(({ live }) => live ?? []);
  }

  connect(session: Session, onOver: () => void): SessionRun {
    const { server, dependencies, supervision, admit, onChange } = this.options;
    const run = new SessionRun({
      server,
      session,
      dependencies,
      admit,
      launch: (trigger, callbacks) => this.launch(trigger, callbacks),
      idleTimeoutMs: () => supervision().idleTimeoutMs,
      onChange,
      onEnded: (ended, end) => {
        this.all.delete(ended);
        this.options.onEnded(ended, end);
      },
      onOver,
      onClosed: (closed) => this.all.delete(closed),
    });
    this.all.add(run);
    return run;
  }

  /** For whoever only wants to know whether the server starts; the run goes as soon as that is known. */
  async tryOne(trigger: RunTrigger): Promise<Handshake> {
    const session = createSession(`trial-${this.options.dependencies.newRunId()}`, () => undefined);
    const run = this.connect(session, () => undefined);
    try {
      return await run.ensureReady(trigger);
    } finally {
      run.close();
    }
  }

  async stopAll(intent: StopIntent): Promise<void> {
    await Promise.all([...this.all].map((run) => run.stop(intent)));
  }

  /** Takes over a changed idle timeout. */
  watchIdle(): void {
    for (const run of this.all) run.watchIdle();
  }

  private launch(trigger: RunTrigger, callbacks: RunCallbacks): LiveRun {
    const { server, supervision, launch } = this.options;
    const { maxSessions } = supervision();
    if (this.live.length >= maxSessions) throw new ServerUnavailableError(tooManySessionsError(server, maxSessions));
    return launch(trigger, callbacks);
  }
}
