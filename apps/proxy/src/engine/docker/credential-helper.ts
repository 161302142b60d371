import { spawn } from "node:child_process";
import { text } from "node:stream/consumers";
import { z } from "zod";

export type HelperAnswer =
  | { readonly kind: "found"; readonly username: string; readonly secret: string }
  | { readonly kind: "none" }
  /** `reason` never holds anything that the helper printed: that may be the secret. */
  | { readonly kind: "failed"; readonly reason: string };

export interface HelperRequest {
  /** "desktop" for the program docker-credential-desktop. */
  readonly helper: string;
  readonly serverAddress: string;
  /** What the helper's process gets; its PATH is where the program is looked for. */
  readonly environment: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
  readonly deadlineMs?: number;
}

const answerSchema = z.object({ Username: z.string(), Secret: z.string() });

/** What every helper prints, on stdout, when it knows no login: no failure. */
const noLogin = /credentials not found/i;

/**
 * Asks a Docker credential helper for the login of a registry; never rejects.
 * https://docs.docker.com/reference/cli/docker/login/#credential-helper-protocol
 */
export async function askCredentialHelper(request: HelperRequest): Promise<HelperAnswer> {
  const { helper, deadlineMs = 10_000 } = request;
  if (!/^[\w.-]+$/.test(helper)) return { kind: "failed", reason: "its name in config.json is not a plain word" };
  const timeout = AbortSignal.timeout(deadlineMs);
  const signal = AbortSignal.any([request.signal, timeout]);
  const aborted = Promise.withResolvers<"aborted">();
  signal.addEventListener("abort", () => aborted.resolve("aborted"), { once: true });
  if (signal.aborted) aborted.resolve("aborted");
  try {
    // A process that the helper left behind may hold its output open: its end is not waited for.
    const ended = await Promise.race([runHelper(request, signal), aborted.promise]);
    if (ended !== "aborted") return readAnswer(ended);
  } catch (error) {
    if (!signal.aborted) return { kind: "failed", reason: startProblem(error) };
  }
  return { kind: "failed", reason: timeout.aborted ? `no answer within ${deadlineMs / 1_000} s` : "cancelled" };
}

interface HelperEnd {
  readonly exitCode: number | null;
  readonly output: string;
}

async function runHelper(
  { helper, serverAddress, environment }: HelperRequest,
  signal: AbortSignal,
): Promise<HelperEnd> {
  const process = spawn(`docker-credential-${helper}`, ["get"], {
    env: environment,
    stdio: ["pipe", "pipe", "ignore"],
    signal,
    killSignal: "SIGKILL",
  });
  const ended = Promise.withResolvers<number | null>();
  process.on("error", ended.reject);
  process.on("close", ended.resolve);
  // It may have answered without reading its question.
  process.stdin.on("error", () => undefined);
  process.stdin.end(serverAddress);
  const [output, exitCode] = await Promise.all([text(process.stdout), ended.promise]);
  return { exitCode, output };
}

function readAnswer({ exitCode, output }: HelperEnd): HelperAnswer {
  if (exitCode !== 0)
    return noLogin.test(output) ? { kind: "none" } : { kind: "failed", reason: `it ended with exit code ${exitCode}` };
  const answer = answerSchema.safeParse(parseJson(output));
  if (!answer.success) return { kind: "failed", reason: "its answer is not the JSON of a login" };
  const { Username: username, Secret: secret } = answer.data;
  return secret === "" ? { kind: "none" } : { kind: "found", username, secret };
}

function parseJson(output: string): unknown {
  try {
    return JSON.parse(output);
  } catch {
    // Its message would quote the output.
    return undefined;
  }
}

function startProblem(error: unknown): string {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  if (code === "ENOENT") return "there is no such program on the PATH";
  return `it could not be started (${typeof code === "string" ? code : "unknown reason"})`;
}
