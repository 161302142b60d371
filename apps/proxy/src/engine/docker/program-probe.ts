import type Docker from "dockerode";
import { z } from "zod";
import { isNotFound } from "./docker-error.ts";

export type ProgramPresence = "present" | "missing" | "unknown";

export interface ProgramQuestion {
  /** A created container; it need not have started. */
  readonly containerId: string;
  readonly imageId: string;
  /** A name to look for on the path, or a path of its own when it holds a slash. */
  readonly program: string;
  /** PATH of the container; the engine's default when left out. */
  readonly searchPath?: string;
  /** Where a relative path begins; "/" when left out. */
  readonly workingDir?: string;
}

/** Looks into created containers for programs, without starting them. Never rejects: a probe that fails is "unknown". */
export interface ProgramProbe {
  findProgram(docker: Docker, question: ProgramQuestion): Promise<ProgramPresence>;
  /** The first of the programs that the container surely has not; asks the engine for image, PATH and working directory. */
  missingProgram(
    docker: Docker,
    question: { readonly containerId: string; readonly programs: readonly string[] },
  ): Promise<string | undefined>;
}

/** What the engine sets where image and config set no PATH. */
const defaultSearchPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
/** A start is never held up longer than this. */
const probeDeadlineMs = 3_000;
const maximumRemembered = 1_000;

export function createProgramProbe(): ProgramProbe {
  // Only what is there is remembered: a mount of the next container may bring what this one lacks.
  const present = new Set<string>();

  const findProgram: ProgramProbe["findProgram"] = async (docker, question) => {
    const { searchPath = defaultSearchPath, workingDir = "/" } = question;
    const key = JSON.stringify([question.imageId, question.program, searchPath, workingDir]);
    if (present.has(key)) return "present";
    const presence = await lookInto(docker.getContainer(question.containerId), candidatesFor(question));
    if (presence === "present" && present.size < maximumRemembered) present.add(key);
    return presence;
  };

  return {
    findProgram,
    async missingProgram(docker, { containerId, programs }) {
      if (programs.length === 0) return undefined;
      const facts = await readContainerFacts(docker.getContainer(containerId));
      if (facts === undefined) return undefined;
      for (const program of programs) {
        const presence = await findProgram(docker, { containerId, program, ...facts });
        if (presence === "missing") return program;
      }
      return undefined;
    },
  };
}

function candidatesFor({ program, searchPath = defaultSearchPath, workingDir = "/" }: ProgramQuestion): string[] {
  const inWorkingDir = (path: string): string => (path.startsWith("/") ? path : `${workingDir}/${path}`);
  if (program.includes("/")) return [inWorkingDir(program)];
  return [...new Set(searchPath.split(":"))].map((folder) => inWorkingDir(`${folder}/${program}`));
}

async function lookInto(container: Docker.Container, candidates: readonly string[]): Promise<ProgramPresence> {
  const abortSignal = AbortSignal.timeout(probeDeadlineMs);
  let isUnsure = false;
  for (const path of candidates) {
    const found = await statPath(container, { path, abortSignal });
    if (found === "present") return "present";
    if (found === "unknown") isUnsure = true;
  }
  if (isUnsure) return "unknown";
  // An answer to HEAD has no words: "no such file" and "no such container" look alike.
  return (await readContainerFacts(container)) === undefined ? "unknown" : "missing";
}

const pathStatSchema = z.object({ mode: z.number() });
/** Bit of Go's file mode that says "folder". A link counts as present, wherever it leads. */
const folderBit = 2 ** 31;

async function statPath(
  container: Docker.Container,
  query: { readonly path: string; readonly abortSignal: AbortSignal },
): Promise<ProgramPresence> {
  try {
    const { headers } = responseSchema.parse(await container.infoArchive(query));
    const stat = Buffer.from(headers["x-docker-container-path-stat"], "base64").toString();
    const { mode } = pathStatSchema.parse(JSON.parse(stat));
    return mode >= folderBit ? "missing" : "present";
  } catch (error) {
    return isNotFound(error) ? "missing" : "unknown";
  }
}

const responseSchema = z.object({ headers: z.object({ "x-docker-container-path-stat": z.string() }) });

const containerFactsSchema = z.object({
  Image: z.string(),
  Config: z.object({ Env: z.array(z.string()).nullish(), WorkingDir: z.string().nullish() }),
});

async function readContainerFacts(
  container: Docker.Container,
): Promise<Pick<ProgramQuestion, "imageId" | "searchPath" | "workingDir"> | undefined> {
  try {
    const abortSignal = AbortSignal.timeout(probeDeadlineMs);
    const { Image, Config } = containerFactsSchema.parse(await container.inspect({ abortSignal }));
    const searchPath = Config.Env?.findLast((variable) => variable.startsWith("PATH="))?.slice("PATH=".length);
    return {
      imageId: Image,
      ...(searchPath ? { searchPath } : {}),
      ...(Config.WorkingDir ? { workingDir: Config.WorkingDir } : {}),
    };
  } catch {
    // The start itself tells what is wrong with this container.
    return undefined;
  }
}
