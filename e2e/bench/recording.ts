import { join } from "node:path";
import { createApiClient } from "../harness/api-client.ts";
import { homeEnvironment } from "../harness/command-line.ts";
import { removeContainersOf } from "../harness/docker.ts";
import { startProcess, type ManagedProcess } from "../harness/managed-process.ts";
import { repository } from "../harness/repository.ts";
import { configOf, containerFixture } from "../harness/server-entries.ts";
import { temporaryHome, type TemporaryHome } from "../harness/temporary-home.ts";
import { until } from "../harness/until.ts";
import { httpCallers } from "./http-callers.ts";
import { measureSubjects } from "./measure-subjects.ts";
import type { SeriesFigures } from "./series.ts";
import type { Subject } from "./subjects.ts";

/** The same load on the same program with and without a history of readings and calls, in turns. */
export interface RecordingFigures {
  readonly on: SeriesFigures;
  readonly off: SeriesFigures;
  /** How much lower the throughput of 32 callers is with it; below zero when the noise is larger. */
  readonly overheadPercent: number;
}

const program = join(repository.root, "apps/proxy/src/app/testing/serve-recording.ts");
const name = "recorded";

/** The middle one of some rounds: one of them says as much about the machine as about the program. */
export async function measureRecording(rounds: number): Promise<RecordingFigures> {
  const found: RecordingFigures[] = [];
  const both: Subject[] = [];
  try {
    for (const recording of ["on", "off"] as const) both.push(await startRecording(recording));
    for (let round = 0; round < rounds; round += 1) {
      // Who comes first in a turn changes.
      const [first, second] = await measureSubjects(round % 2 === 0 ? both : both.toReversed());
      if (first === undefined || second === undefined) throw new Error("Two programs were started, not two measured.");
      const [on, off] = round % 2 === 0 ? [first.together, second.together] : [second.together, first.together];
      found.push({ on, off, overheadPercent: (1 - on.callsPerSecond / off.callsPerSecond) * 100 });
    }
    return middleOf(found);
  } finally {
    for (const subject of both) await subject.close();
  }
}

function middleOf(rounds: readonly RecordingFigures[]): RecordingFigures {
  const sorted = rounds.toSorted((one, other) => one.overheadPercent - other.overheadPercent);
  const middle = sorted[Math.floor(sorted.length / 2)];
  if (middle === undefined) throw new Error("Nothing was measured.");
  return middle;
}

async function startRecording(recording: "on" | "off"): Promise<Subject> {
  const home = await temporaryHome();
  await home.writeConfig(configOf([containerFixture({ name })]));
  const serve = startProcess({
    program: process.execPath,
    args: [program, home.configPath, home.dataDir, recording],
    environment: homeEnvironment(home),
  });
  const url = await until("it listens", () => /listening on (\S+)/.exec(serve.stdout())?.[1], {
    deadlineMs: 30_000,
  }).catch((error: unknown) => {
    throw new Error(`The proxy did not start:\n${serve.output()}`, { cause: error });
  });
  const apiKey = (await home.readText(join(home.dataDir, "api_key"))).trim();
  await createApiClient({ url, apiKey }).serverIn(name, "ready", 60_000);
  return {
    name: recording,
    pid: serve.pid,
    callers: (count) => httpCallers({ url: `${url}/mcp/${name}`, count }),
    close: () => closeRecording(serve, home),
  };
}

async function closeRecording(serve: ManagedProcess, home: TemporaryHome): Promise<void> {
  await serve.stop("SIGTERM", 20_000);
  await removeContainersOf((await home.readText(join(home.dataDir, "instance_id"))).trim());
  await home.remove();
}
