import type { DockerEndpoint } from "./docker-endpoint.ts";

/** HTTP status of an answer of the engine; undefined when the engine was not reached. */
export function statusCodeOf(error: unknown): number | undefined {
  return readField(error, "statusCode", "number");
}

/** True for the answer "no such container" or "no such image". */
export function isNotFound(error: unknown): boolean {
  return statusCodeOf(error) === 404;
}

/** True when the call failed on the way to the engine, not in it. */
export function isUnreachable(error: unknown): boolean {
  return statusCodeOf(error) === undefined;
}

/** The engine's own words, without the "(HTTP code 404) …" that dockerode puts in front. */
export function engineMessageOf(error: unknown): string {
  const body: unknown = error instanceof Error && "json" in error ? error.json : undefined;
  const message = readField(body, "message", "string") ?? (error instanceof Error ? error.message : String(error));
  return message.replace(/^\(HTTP code \d+\) [^-]* - /, "").trim();
}

/** Says why the engine cannot be reached and what to do. */
export function describeUnreachable(
  error: unknown,
  { context, endpoint }: Pick<DockerEndpoint, "context" | "endpoint">,
): { message: string; remedy: string } {
  const where = `${endpoint} (${isAddress(context) ? `from ${context}` : `context ${context}`})`;
  switch (readField(error, "code", "string")) {
    case "ENOENT":
      return { message: `Docker is not running: there is no socket ${where}.`, remedy: startRemedy };
    case "ECONNREFUSED":
      return { message: `Docker is not running: nothing answers at ${where}.`, remedy: startRemedy };
    case "EACCES":
    case "EPERM":
      return {
        message: `No permission to use Docker at ${where}.`,
        remedy:
          "Add your user to the group of the socket (`sudo usermod -aG docker $USER`), log in again and restart MCPProxy.",
      };
    case "ENOTFOUND":
    case "EAI_AGAIN":
      return {
        message: `The host of Docker at ${where} has no address.`,
        remedy: "Check the host name in DOCKER_HOST, docker_host or with `docker context inspect`.",
      };
    default:
      return {
        message: `Docker at ${where} cannot be reached: ${engineMessageOf(error) || "no answer"}.`,
        remedy: "Check with `docker version` that Docker answers there; MCPProxy picks it up by itself.",
      };
  }
}

/** Chosen by an address, not by the name of a context. */
function isAddress(context: string): boolean {
  return context === "DOCKER_HOST" || context === "docker_host";
}

const startRemedy =
  "Start Docker (Docker Desktop, `colima start` or `sudo systemctl start docker`); MCPProxy picks it up by itself.";

function readField(value: unknown, key: string, type: "number"): number | undefined;
function readField(value: unknown, key: string, type: "string"): string | undefined;
function readField(value: unknown, key: string, type: "number" | "string"): unknown {
  if (typeof value !== "object" || value === null) return undefined;
  const field: unknown = Reflect.get(value, key);
  return typeof field === type ? field : undefined;
}
