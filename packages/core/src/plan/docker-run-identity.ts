import type { DockerRunCommand } from "./docker-run-command.ts";
import type { EnvVariable } from "./isolation-plan.ts";

export interface DockerRunIdentity {
  /** For the container, unless the user named it. */
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
}

/**
 * The arguments of the user's command with our name and labels, and without --rm: how the container ended must be read
 * before it goes. Every other word stays as it is, in its order.
 */
export function withIdentity(command: DockerRunCommand, identity: DockerRunIdentity): readonly string[] {
  const labels = Object.entries(identity.labels).map(([name, value]) => `--label=${name}=${value}`);
  const name = command.name === undefined ? [`--name=${identity.name}`] : [];
  // Behind the user's own options, of which "--" is the end: of two labels with one name docker takes the last.
  const end = command.options.length - (endsInMark(command) ? 1 : 0);
  const [options, mark] = [command.options.slice(0, end), command.options.slice(end)];
  return [...command.before, ...name, ...options, ...labels, ...mark, ...command.rest];
}

/** A "--" at the end may also be the value of the last flag. */
function endsInMark({ options, flags }: DockerRunCommand): boolean {
  const marks = options.length - 1 - options.findLastIndex((word) => word !== "--");
  return marks > (flags.at(-1)?.value === "--" ? 1 : 0);
}

/** Why the container of this command cannot be found on the engine that MCPProxy talks to; undefined when it can. */
export function whyUnwatched(command: DockerRunCommand, env: readonly EnvVariable[]): string | undefined {
  if (command.program !== "docker") return `${command.program} is not watched, only docker is`;
  if (command.prefix === undefined) return "the command stands inside a shell script";
  if (command.choosesEngine) return `the command chooses an engine of its own (${command.before.join(" ")})`;
  const assigned = [...command.prefix.map((word) => word.split("=", 1)[0] ?? ""), ...env.map(({ name }) => name)];
  const variable = assigned.find((name) => engineVariables.includes(name));
  return variable === undefined ? undefined : `${variable} is set for it, which chooses an engine of its own`;
}

const engineVariables: readonly string[] = ["DOCKER_HOST", "DOCKER_CONTEXT", "DOCKER_CONFIG"];

/** Values that the user's own command gives to its container in plain words, `-e KEY=VALUE`: as secret as those of `env`. */
export function secretsOfDockerRun(command: DockerRunCommand): readonly string[] {
  return command.flags.flatMap(({ flag, value }) => {
    const at = flag === "--env" ? (value?.indexOf("=") ?? -1) : -1;
    return value === undefined || at === -1 ? [] : [value.slice(at + 1)];
  });
}

/** Masks the values of `-e KEY=VALUE` where they stand, however short they are. */
export function maskDockerRunSecrets(words: readonly string[], command: DockerRunCommand): readonly string[] {
  const assignments = command.flags.flatMap(({ flag, value }) =>
    flag === "--env" && value?.includes("=") === true ? [value] : [],
  );
  return words.map((word) => {
    const assignment = assignments.find((one) => word === one || (word.startsWith("-") && word.endsWith(one)));
    if (assignment === undefined) return word;
    const kept = word.length - assignment.length + assignment.indexOf("=") + 1;
    return `${word.slice(0, kept)}***`;
  });
}
