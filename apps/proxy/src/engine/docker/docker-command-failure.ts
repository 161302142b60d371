import { EngineError } from "../engine.ts";
import { imageError, withAdvice } from "./image-failure.ts";

export interface DockerCommandEnd {
  readonly image: string;
  /** What the docker command wrote before its container ran. */
  readonly stderr: string;
  readonly exitCode?: number;
  readonly signal?: number;
}

const pullSign = /^Unable to find image |: Pulling from |^[0-9a-f]{12}: /m;
const unreachableSign = /Cannot connect to the Docker daemon|error during connect/;
const imageSign =
  /pull access denied|manifest unknown|no such image|repository .* not found|no matching manifest|invalid reference format/i;
/** The engine makes the container, and then finds that it cannot start its program. */
const programSign = /exec: "|OCI runtime|executable file not found/;

/** True when the docker command says that it pulls the image. */
export function saysPull(stderr: string): boolean {
  return pullSign.test(stderr);
}

/** True when it says that the pull is over. */
export function saysPulled(stderr: string): boolean {
  return /^Status: /m.test(stderr);
}

/** Why a docker command ended before its container ran, as an error of the stage that failed. */
export function dockerCommandFailure(end: DockerCommandEnd): EngineError {
  const { image, stderr, exitCode } = end;
  const words = wordsOf(stderr);
  if (words === undefined) return new EngineError(silentEnd(end), { stage: "create" });
  if (unreachableSign.test(words)) return new EngineError(words, { stage: "engine" });
  if (programSign.test(words))
    return new EngineError(words, { stage: "start", ...(exitCode === undefined ? {} : { exitCode }) });
  if (saysPull(stderr) || imageSign.test(words)) return pullError(image, words);
  return new EngineError(words, { stage: "create" });
}

/** Its image stands in the arguments, not in the isolation of the server. */
function pullError(image: string, words: string): EngineError {
  const error = imageError(image, words);
  const isNotFound = error.detail.stage === "image" && error.detail.code === "not_found";
  return isNotFound ? withAdvice(error, 'Correct the image in "args" of this server.') : error;
}

const daemonWords = /^(?:\S*docker(?:\.exe)?: )?(?:Error response from daemon: )/;

/** Docker's reason without its usual words around it. */
function wordsOf(stderr: string): string | undefined {
  const lines = stderr
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "" && !/^(?:Run '|See '|Usage:|Unable to find image )/.test(line));
  const line = lines.findLast((one) => /^\S*docker(?:\.exe)?: /.test(one)) ?? lines.at(-1);
  return line?.replace(daemonWords, "").replace(/^\S*docker(?:\.exe)?: /, "");
}

function silentEnd({ exitCode, signal }: DockerCommandEnd): string {
  const how = signal === undefined ? `with code ${exitCode ?? "unknown"}` : `by signal ${signal}`;
  return `The docker command ended ${how} before its container ran, without a word on stderr.`;
}
