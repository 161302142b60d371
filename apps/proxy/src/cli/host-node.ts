import type { Environment } from "../environment.ts";

/** The user's own node where `npm start` has told it, else the one that runs us. */
export function findHostNode(environment: Environment): string {
  return environment.hostNodePath ?? process.execPath;
}
