import type { PlanResult, RefusalCode } from "./isolation-plan.ts";

type Refused = Extract<PlanResult, { kind: "refused" }>;

export function refuseDisabled(server: string): Refused {
  return refused("server_disabled", {
    message: `The server "${server}" is disabled in the configuration.`,
    remedy: 'Set "enabled": true for it (or remove "disabled") to run it.',
  });
}

export function refuseIsolationOff(server: string): Refused {
  return refused("docker_isolation_off", {
    message: `The server "${server}" asks for isolation (isolation.enabled is true), but docker_isolation.enabled is false. It is not run on the host instead.`,
    remedy:
      'Set "enabled": true in docker_isolation, or "enabled": false in the isolation of this server to run it on the host.',
  });
}

export function refuseDockerCommand(server: string, program: string): Refused {
  return refused("server_is_docker_command", {
    message: `The server "${server}" asks for isolation, but its command is ${program} itself, which is never wrapped in a container (Docker-in-Docker).`,
    remedy: `Set "isolation": { "enabled": false } for it, and put limits into the arguments of ${program}.`,
  });
}

export function refuseDockerScript(server: string, program: string): Refused {
  return refused("server_is_docker_command", {
    message: `The server "${server}" starts ${program} from a script that could also do other things on this machine, and nothing runs there unasked; ${program} itself is never wrapped in a container (Docker-in-Docker).`,
    remedy: `Make "${program}" the command and its arguments "args". To run the script on this machine, set "isolation": { "enabled": false }.`,
  });
}

export function refuseUnknownRuntime(server: string, program: string): Refused {
  const [word = program] = program.trim().split(/\s+/);
  const hint = word === program ? "" : ` If the rest of "command" are arguments, move them to "args".`;
  return refused("runtime_unknown", {
    message: `No image is known for the command "${program}" of the server "${server}".`,
    remedy: `Name one that holds it: "isolation": { "image": "name:tag" }, or add "${program}" to docker_isolation.default_images.${hint}`,
  });
}

function refused(code: RefusalCode, text: { readonly message: string; readonly remedy: string }): Refused {
  return { kind: "refused", refusal: { code, ...text } };
}
