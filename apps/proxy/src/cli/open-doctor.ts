import { setTimeout as pause } from "node:timers/promises";
import type { DoctorReport } from "@mcpproxy/core/doctor/doctor-report";
import { createApiContext } from "../app/api-context.ts";
import { ProxyCore } from "../app/proxy-core.ts";
import { examineServer } from "../api/services/examine-server.ts";
import { examineAll } from "../api/services/examine-all.ts";
import type { Paths } from "../paths.ts";
import type { CommandContext } from "./command-context.ts";
import {
  doctorReportSchema,
  serverAnswerSchema,
  wholeReportSchema,
  type ContextWords,
  type EngineWords,
  type ServerAnswer,
} from "./doctor-answers.ts";
import { askProxy } from "./proxy-client.ts";

export interface DoctorFindings {
  /** Null when only one server was examined. */
  readonly engine: EngineWords | null;
  readonly contexts: readonly ContextWords[];
  readonly servers: readonly DoctorReport[];
}

/** Whoever examines: the running service, or this process with what the config and the history say. */
export interface Doctor {
  examine(server: string, options: { readonly shouldTry: boolean }): Promise<DoctorReport>;
  examineAll(): Promise<DoctorFindings>;
  /** Waits until a changed config is in force and the server has come to rest; says how it is. */
  verify(server: string): Promise<string>;
  close(): Promise<void>;
}

const verifyDeadlineMs = 45_000;
const tryDeadlineMs = 15 * 60_000;

export async function openDoctor(paths: Paths, context: CommandContext): Promise<Doctor> {
  const input = { paths, context };
  const status = await askProxy("/status", input);
  return status === undefined ? await openAlone(paths, context) : throughProxy(input);
}

function throughProxy(input: { readonly paths: Paths; readonly context: CommandContext }): Doctor {
  return {
    examine: async (server, { shouldTry }) =>
      doctorReportSchema.parse(
        await askProxy(`/servers/${encodeURIComponent(server)}/doctor`, {
          method: shouldTry ? "POST" : "GET",
          ...input,
          timeoutMs: shouldTry ? tryDeadlineMs : undefined,
        }),
      ),
    examineAll: async () => wholeReportSchema.parse(await askProxy("/doctor", { ...input, timeoutMs: 30_000 })),
    async verify(server) {
      const endsAt = Date.now() + verifyDeadlineMs;
      // The file is watched: the change arrives within a second, the new run takes as long as the server needs.
      await pause(1_000);
      for (;;) {
        const record = serverAnswerSchema.parse(await askProxy(`/servers/${encodeURIComponent(server)}`, input));
        const isAtRest = [
          "ready",
          "stopped",
          "idle",
          "crash_looping",
          "parked",
          "refused",
          "engine_unavailable",
        ].includes(record.state);
        if (isAtRest || Date.now() > endsAt) return verdictWords(record);
        await pause(250);
      }
    },
    close: async () => undefined,
  };
}

function verdictWords({ name, state, problem, lastVerdict }: ServerAnswer): string {
  if (problem !== null) return `${name} is ${state}: ${problem.message} ${problem.remedy}`;
  return state === "ready" ? `${name} is ready.` : `${name} is ${state}. ${lastVerdict?.verdict.summary ?? ""}`.trim();
}

async function openAlone(paths: Paths, context: CommandContext): Promise<Doctor> {
  const core = await ProxyCore.open({
    paths,
    environment: context.environment,
    platform: context.platform,
    mainLogFileName: "doctor.log",
  });
  await core.findEngine();
  const api = createApiContext(core, paths)("mcpproxy doctor");
  return {
    examine: (name, { shouldTry }) => examineServer(api, { name, shouldTry }),
    examineAll: () => examineAll(api),
    verify: async (server) => `MCPProxy is not running: ${server} is tried at its next start.`,
    close: () => core.close(),
  };
}
