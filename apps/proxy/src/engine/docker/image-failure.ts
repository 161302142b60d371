import type { ImageFailureCode } from "@mcpproxy/core/verdict/exit-evidence";
import { formatBytes } from "@mcpproxy/core/format/bytes";
import type { PullProgress } from "@mcpproxy/core/run/server-record";
import { EngineError } from "../engine.ts";
import { registryOf } from "./image-reference.ts";

/** First match wins: "pull access denied" also says "repository does not exist", and a platform error says "not found". */
const rules: readonly (readonly [RegExp, ImageFailureCode])[] = [
  [/no space left on device/i, "no_space"],
  [
    /no matching manifest|does not match the (specified|detected host) platform|image operating system .* cannot be used/i,
    "wrong_platform",
  ],
  [
    /pull access denied|unauthorized|authentication required|(?<!permission )denied|access forbidden|403 forbidden|no basic auth credentials/i,
    "denied",
  ],
  [
    /no such host|connection refused|network is unreachable|no route to host|x509|i\/o timeout|tls handshake|tls:|client\.timeout|server gave http response|context deadline exceeded|temporary failure in name resolution|\bEOF\b|proxyconnect|connection reset|expected http 206|50[234] /i,
    "registry_unreachable",
  ],
  [/manifest unknown|not found|no such image|name unknown|invalid reference format|404/i, "not_found"],
];

/** The kind of failure that a registry's or the engine's words mean. */
export function classifyImageFailure(engineMessage: string): ImageFailureCode {
  return rules.find(([pattern]) => pattern.test(engineMessage))?.[1] ?? "other";
}

/** An image failure in plain words, with what the engine said and what to do. */
export function imageError(image: string, engineMessage: string, cause?: unknown): EngineError {
  const code = classifyImageFailure(engineMessage);
  const words = wrongDigest.test(engineMessage) ? wrongDigestWords(image) : plainWords(image, code);
  const message = `${words} Docker says: ${engineMessage.replace(/\.?$/, ".")}`;
  return new EngineError(message, { stage: "image", code }, { cause });
}

/** The pull took longer than `deadlineMs`. */
export function imageTimeout(image: string, deadlineMs: number): EngineError {
  const what = `Image ${image} was not pulled within ${deadlineMs / 1000} s and the pull was stopped.`;
  return timedOut(what, `Pull it by hand with \`docker pull ${image}\`, or raise pull_timeout.`);
}

/** No byte came for `stallTimeoutMs`. `progress` says how far the pull was. */
export function imageStalled(request: {
  readonly image: string;
  readonly stallTimeoutMs: number;
  readonly progress: PullProgress | undefined;
}): EngineError {
  const { image, stallTimeoutMs, progress } = request;
  const reached = progress === undefined || progress.bytesDone === 0 ? "" : ` after ${formatBytes(progress.bytesDone)}`;
  const what = `Image ${image} was not pulled: the registry ${registryOf(image)} sent nothing for ${stallTimeoutMs / 1000} s${reached}, and the pull was stopped.`;
  return timedOut(what, `Check the network between Docker and the registry, and try \`docker pull ${image}\`.`);
}

function timedOut(what: string, remedy: string): EngineError {
  return new EngineError(`${what} ${remedy}`, { stage: "image", code: "timed_out", remedy });
}

/** The same failure with one more sentence, which is also what to do. */
export function withAdvice(error: EngineError, advice: string): EngineError {
  if (error.detail.stage !== "image") return error;
  return new EngineError(`${error.message} ${advice}`, { ...error.detail, remedy: advice }, { cause: error });
}

const wrongDigest = /verification failed for digest|digest mismatch|unexpected digest|failed commit on ref .*expected/i;

function wrongDigestWords(image: string): string {
  return `Image ${image} could not be pulled: what the registry ${registryOf(image)} sent is not what its digest promises, so Docker threw it away. Try again; if it stays so, ask whoever runs the registry or a proxy in between.`;
}

function plainWords(image: string, code: ImageFailureCode): string {
  const registry = registryOf(image);
  switch (code) {
    case "not_found":
      return `Image ${image} was not found in the registry ${registry}. Check its name and tag.`;
    case "denied":
      return `Image ${image} was refused by the registry ${registry}: it does not exist there, or it needs a login (\`docker login\`).`;
    case "registry_unreachable":
      return `The registry ${registry} of image ${image} cannot be reached. Check the network and proxy settings of Docker.`;
    case "wrong_platform":
      return `Image ${image} does not exist for this machine's platform. Choose an image built for it.`;
    case "no_space":
      return `No disk space is left for image ${image}. Free some with \`docker system prune\`.`;
    case "timed_out":
    case "other":
      return `Image ${image} could not be pulled.`;
    default:
      return code satisfies never;
  }
}
