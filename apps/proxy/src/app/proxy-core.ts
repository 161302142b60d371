import { createHmac, randomBytes } from "node:crypto";
import { mkdir } from "node:fs/promises";
import { containerSuffix } from "@mcpproxy/core/docker/container-name";
import { createRedactor, type Redactor } from "@mcpproxy/core/redaction/redact";
import { defaultLimits } from "@mcpproxy/config-schema/config";
import { everyIssue, type ParsedConfig } from "@mcpproxy/config-schema/parse-config";
import type { PlanRecord } from "@mcpproxy/core/run/plan-record";
import { v7 as uuidv7 } from "uuid";
import { gatherPlanningFacts } from "../config/host-facts.ts";
import { configStamp } from "../config/config-stamp.ts";
import { loadConfig } from "../config/load-config.ts";
import { planServers, secretsOf } from "../config/plan-servers.ts";
import { readOrCreateSecret } from "../config/private-file.ts";
import { DockerEngineSet } from "../engine/docker/docker-engine-set.ts";
import type { EngineSet } from "../engine/engine-set.ts";
import { EgressGate } from "../egress/egress-gate.ts";
import { createHostEngine } from "../engine/host/host-engine.ts";
import type { Environment } from "../environment.ts";
import { createRemoteEngine } from "../remote/remote-engine.ts";
import { createMainLog, type MainLog } from "../logs/main-log.ts";
import { ProxyMetrics } from "../metrics/proxy-metrics.ts";
import { reportOnStderr } from "../logs/report-log-failure.ts";
import type { Paths } from "../paths.ts";
import { systemClock } from "../runs/clock.ts";
import { DeathRegister } from "../runs/death-register.ts";
import { EngineRecovery } from "../runs/engine-recovery.ts";
import { openHandshakeMemory } from "../runs/handshake-memory.ts";
import { KeptContainers } from "../runs/kept-containers.ts";
import { newIdentity } from "../runs/new-identity.ts";
import { planRecordOf } from "../runs/plan-record-of.ts";
import { thisProcess } from "../runs/process-owner.ts";
import { engineUseOf } from "../runs/engine-use.ts";
import type { RunDependencies } from "../runs/run-dependencies.ts";
import { RecoveryGate } from "../runs/recovery-gate.ts";
import { RunFeed } from "../runs/run-feed.ts";
import { closeUnusedNetworks } from "../runs/unused-networks.ts";
import { Supervisor } from "../runs/supervisor.ts";
import { defaultColdStarts, defaultMaxContainers, Turns } from "../runs/turns.ts";
import { openStore } from "../store/open-store.ts";
import type { Store } from "../store/store.ts";
import { defaultHistoryBounds, keepHistory } from "./keep-history.ts";
import { proxyProblems } from "./proxy-problems.ts";
import { recordOutages, type OutageRecorder } from "./record-outages.ts";
import { upstreamProxyOf } from "./upstream-proxy-of.ts";
import { watchProblems } from "./watch-problems.ts";
import { version } from "../version.ts";
import { ServerLogs } from "./server-logs.ts";

export interface ProxyCoreOptions {
  readonly paths: Paths;
  readonly environment: Environment;
  readonly platform: NodeJS.Platform;
  /** A second process beside the service writes a main log of its own: rotation has one owner. */
  readonly mainLogFileName: string;
}

/** Everything between the config and the fronts: what `serve` and a lone `mcpproxy stdio` share. */
export class ProxyCore {
  readonly supervisor: Supervisor;
  readonly instanceId: string;
  readonly store: Store;
  readonly engines: EngineSet;
  private readonly egress: EgressGate;
  readonly feed: RunFeed;
  readonly metrics: ProxyMetrics;
  readonly mainLog: MainLog;
  readonly serverLogs: ServerLogs;
  config: ParsedConfig;
  /** Of the config file, taken before it was read. */
  private configStamp: string | undefined;
  private readonly options: ProxyCoreOptions;
  private readonly dependencies: RunDependencies;
  private readonly redactor: { current: Redactor };
  private readonly secrets: Set<string>;
  private readonly recovery: EngineRecovery;
  private readonly outages: OutageRecorder;
  private readonly history: { stop(): Promise<void> };
  private readonly stopWatching: () => void;
  private reloading: Promise<void> = Promise.resolve();

  private constructor(
    options: ProxyCoreOptions,
    parts: Pick<ProxyCore, "instanceId" | "store" | "mainLog" | "config"> & {
      redactor: { current: Redactor };
      historyKey: string;
      configStamp: string | undefined;
    },
  ) {
    const { instanceId, store, mainLog, redactor } = parts;
    const redact: Redactor = (text) => redactor.current(text);
    this.options = options;
    this.instanceId = instanceId;
    this.store = store;
    this.mainLog = mainLog;
    this.config = parts.config;
    this.configStamp = parts.configStamp;
    this.redactor = redactor;
    this.secrets = new Set(secretsOf(parts.config, options.environment));
    this.feed = new RunFeed();
    this.metrics = new ProxyMetrics(this.feed);
    this.serverLogs = new ServerLogs({ directory: options.paths.logDirectory, redact });
    this.engines = new DockerEngineSet({
      environment: options.environment.docker,
      instanceId,
      helperEnvironment: options.environment.processVariables,
      writeLog: (line) => mainLog.info({}, line),
    });
    this.egress = new EgressGate({
      platform: options.platform,
      upstreamProxy: upstreamProxyOf(options.environment),
    });
    this.dependencies = {
      store,
      engines: this.engines,
      egress: this.egress,
      host: createHostEngine({ inherited: options.environment.inherited }),
      remote: createRemoteEngine({
        version,
        httpsProxy: options.environment.httpsProxy,
        noProxy: options.environment.noProxy,
      }),
      feed: this.feed,
      clock: systemClock,
      random: () => Math.random(),
      turns: new Turns(defaultColdStarts),
      room: new Turns(defaultMaxContainers),
      deaths: new DeathRegister(),
      recoveries: new RecoveryGate(),
      kept: new KeptContainers((container, error) =>
        mainLog.warn({ container, error: String(error) }, "could not remove a container"),
      ),
      handshakes: openHandshakeMemory({
        path: options.paths.handshakes,
        stamp: () => this.configStamp,
        onError: (error) => mainLog.warn({ error: String(error) }, "could not keep what a server said of itself"),
      }),
      mainLog,
      serverLog: (server) => this.serverLogs.of(server),
      owner: thisProcess(),
      instanceId,
      version,
      newRunId: () => uuidv7(),
      newContainerSuffix: () => containerSuffix(randomBytes(16)),
      onCallAnswered: (call) => this.metrics.observeCall(call),
      redact,
      recordsArguments: () => this.config.settings?.history.recordsArguments ?? false,
      maxLineBytes: () => (this.config.settings?.limits ?? defaultLimits).lineBytes,
      fingerprint: (text) => createHmac("sha256", parts.historyKey).update(text).digest("hex"),
    };
    this.supervisor = new Supervisor(this.dependencies);
    this.outages = recordOutages({
      engines: this.engines,
      outages: store.outages,
      now: () => systemClock.timestamp(),
      onError: (error) => mainLog.error({ error: String(error) }, "could not store an outage of an engine"),
    });
    this.history = keepHistory({
      retention: store.retention,
      bounds: () => this.config.settings?.history ?? defaultHistoryBounds,
      onPruned: (message) => mainLog.info({}, `history: ${message}`),
      onError: (error) => mainLog.error({ error: String(error) }, "could not tidy the history"),
    });
    const stopNetworks = closeUnusedNetworks(this.dependencies);
    const stopProblems = watchProblems(
      () => proxyProblems(this),
      () => this.feed.publish({ kind: "status" }),
    );
    this.stopWatching = () => {
      stopNetworks();
      stopProblems();
    };
    this.recovery = new EngineRecovery(this.dependencies, {
      keepExited: () => this.config.settings?.dockerIsolation.keepExited ?? 1,
      isLive: (runId) => this.supervisor.liveRun(runId) !== undefined,
      isConfigured: (server) => this.supervisor.find(server) !== undefined,
    });
  }

  /** Takes the secrets of the config out of a text. */
  get redact(): Redactor {
    return (text) => this.redactor.current(text);
  }

  /** The places for containers. */
  get room(): Pick<Turns, "inUse" | "limit" | "waitingCount"> {
    return this.dependencies.room;
  }

  /** Reads the config, opens history and logs, lists the servers. Nothing is started. */
  static async open(options: ProxyCoreOptions): Promise<ProxyCore> {
    const { paths } = options;
    await mkdir(paths.dataDirectory, { recursive: true, mode: 0o700 });
    await mkdir(paths.logDirectory, { recursive: true, mode: 0o700 });
    const stamp = configStamp(paths.config);
    const config = await loadConfig(paths.config);
    const redactor = { current: createRedactor(secretsOf(config, options.environment)) };
    const mainLog = createMainLog({
      directory: paths.logDirectory,
      level: "info",
      redact: (text) => redactor.current(text),
      fileName: options.mainLogFileName,
    });
    const instanceId = await readOrCreateSecret(paths.instanceId, 8);
    const historyKey = await readOrCreateSecret(paths.historyKey, 32);
    const onNotice = (message: string): void => {
      mainLog.warn({}, message);
      // The log may be on the same full disk.
      reportOnStderr(message);
    };
    const store = await openStore({ databasePath: paths.database, onNotice });
    const core = new ProxyCore(options, {
      instanceId,
      store,
      mainLog,
      config,
      redactor,
      historyKey,
      configStamp: stamp,
    });
    try {
      await core.applyConfig(config);
    } catch (error) {
      // Or the watch for Docker would keep the process alive.
      await core.close();
      throw error;
    }
    return core;
  }

  /**
   * Asks the engines, closes what an earlier MCPProxy left behind, and is then ready to start servers.
   * Where an engine is away both wait until it appears.
   */
  async findEngine(): Promise<void> {
    await this.recovery.start();
    this.outages.noteAll();
  }

  /**
   * Reads the config again; a file that cannot be used as a whole changes nothing but the shown issues.
   * One reload at a time, so that the newest file is what stays. Never rejects.
   */
  reloadConfig(): Promise<void> {
    this.reloading = this.reloading
      .then(() => this.reloadNow())
      .catch((error: unknown) => this.mainLog.error({ error }, "could not take over the changed config"));
    return this.reloading;
  }

  private async reloadNow(): Promise<void> {
    const stamp = configStamp(this.options.paths.config);
    const config = await loadConfig(this.options.paths.config);
    const isUsable = config.settings !== undefined;
    this.config = isUsable ? config : { ...this.config, issues: config.issues, warnings: config.warnings };
    this.logIssues();
    if (isUsable) {
      this.configStamp = stamp;
      // Old secrets stay redacted: their values are still in the memory and output of running servers.
      for (const secret of secretsOf(config, this.options.environment)) this.secrets.add(secret);
      this.redactor.current = createRedactor([...this.secrets]);
      await this.applyConfig(config);
    }
    this.feed.publish({ kind: "status" });
  }

  /** Stops every run in order, then closes all that is open. */
  async close(): Promise<void> {
    this.stopWatching();
    await this.supervisor.shutdown();
    await this.reloading;
    await this.recovery.settled();
    await this.egress.close();
    await this.engines.close();
    await this.outages.settled();
    await this.history.stop();
    await this.store.close();
    await this.serverLogs.close();
    await this.mainLog.close();
  }

  logIssues(): void {
    for (const { file, line, column, path, message } of everyIssue(this.config))
      this.mainLog.error({ path }, `${file}:${line}:${column} ${message}`);
    for (const { file, line, column, path, message } of this.config.warnings)
      this.mainLog.warn({ path }, `${file}:${line}:${column} ${message}`);
  }

  /** The plan that a server would have under another config, with what that config holds secret masked. */
  previewPlan(config: ParsedConfig, server: string): PlanRecord | undefined {
    const { environment, platform } = this.options;
    const spec = planServers(config, gatherPlanningFacts(environment, platform)).find(({ name }) => name === server);
    const redact = createRedactor([...this.secrets, ...secretsOf(config, environment)]);
    return spec && planRecordOf(spec, { identity: newIdentity(server, this.dependencies), redact });
  }

  private async applyConfig(config: ParsedConfig): Promise<void> {
    const facts = gatherPlanningFacts(this.options.environment, this.options.platform);
    const specs = planServers(config, facts);
    this.dependencies.turns.setLimit(config.settings?.dockerIsolation.maxColdStarts ?? defaultColdStarts);
    this.dependencies.room.setLimit(config.settings?.dockerIsolation.maxContainers || defaultMaxContainers);
    await this.engines.use(engineUseOf(config.settings, specs));
    await this.supervisor.apply(specs);
  }
}
