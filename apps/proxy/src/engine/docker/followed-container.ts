import type { EngineEvent } from "@mcpproxy/core/verdict/exit-evidence";
import type { CommandContainer } from "../engine.ts";
import { findRunContainer, readCommandContainer } from "./docker-command-container.ts";
import type { DockerConnector } from "./docker-connector.ts";
import { createEventLog } from "./event-log.ts";
import { inspectState, type ContainerState } from "./inspect-outcome.ts";
import type { ContainerEvent } from "./parse-event.ts";

export interface FollowedContainerRequest {
  readonly connector: DockerConnector;
  readonly runId: string;
  onCreated(container: CommandContainer): void;
}

/** A container that somebody else makes, known by our label of the run: through its events, and by asking. */
export class FollowedContainer {
  readonly log = createEventLog();
  /** The container runs, or has run. */
  readonly started: Promise<void>;
  readonly died: Promise<void>;
  private readonly request: FollowedContainerRequest;
  private readonly start = Promise.withResolvers<void>();
  private readonly death = Promise.withResolvers<void>();
  private readonly listeners = new Set<(event: EngineEvent) => void>();
  private next = Promise.withResolvers<void>();
  private known: { readonly id: string; readonly described: Promise<void> } | undefined;
  private hasStarted = false;

  constructor(request: FollowedContainerRequest) {
    this.request = request;
    this.started = this.start.promise;
    this.died = this.death.promise;
  }

  /** Undefined until it was created. */
  get id(): string | undefined {
    return this.known?.id;
  }

  get hasRun(): boolean {
    return this.hasStarted;
  }

  onEvent(listener: (event: EngineEvent) => void): void {
    this.listeners.add(listener);
  }

  nextEvent(): Promise<void> {
    return this.next.promise;
  }

  /** Resolves when `onCreated` was told what inspect says, if there is a container. */
  async described(): Promise<void> {
    await this.known?.described;
  }

  handleEvent(containerEvent: ContainerEvent): void {
    const { containerId, event } = containerEvent;
    if (this.id !== undefined && this.id !== containerId) return;
    if (!this.log.add(containerEvent)) return;
    this.log.noteArrival(containerEvent, Date.now());
    this.note(containerId);
    this.next.resolve();
    this.next = Promise.withResolvers();
    for (const listener of this.listeners) listener({ ...event, at: this.log.toOurTime(event.at) });
    if (event.action === "start") this.noteStart();
    if (event.action === "die" || event.action === "destroy") this.death.resolve();
  }

  /** Asks the engine how it is; undefined while there is none. Rejects when the engine is not reached. */
  async look(): Promise<ContainerState | undefined> {
    const { docker } = await this.request.connector.connect();
    const id = this.id ?? (await findRunContainer(docker, this.request.runId));
    if (id === undefined) return undefined;
    this.note(id);
    const state = await inspectState(docker, id);
    if (state.state === "running" || state.state === "exited") this.noteStart();
    if (state.state === "exited" || state.state === "gone") this.death.resolve();
    return state;
  }

  private note(id: string): void {
    this.known ??= { id, described: this.describe(id) };
  }

  private noteStart(): void {
    this.hasStarted = true;
    this.start.resolve();
  }

  private async describe(id: string): Promise<void> {
    try {
      const { docker } = await this.request.connector.connect();
      this.request.onCreated(await readCommandContainer(docker, id));
    } catch {
      // It is gone already, or the engine is: the run goes on without its limits.
    }
  }
}
