import { existsSync } from "node:fs";
import type { HostFacts } from "@mcpproxy/core/plan/isolation-plan";
import type { Environment } from "../environment.ts";
import type { PlanningFacts } from "./plan-servers.ts";

/** Bundles of the common distributions, each with the public roots and what the administrator added. */
const systemBundles = ["/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt", "/etc/ssl/cert.pem"];

/** Gathers what planning needs beside the config. */
export function gatherPlanningFacts(environment: Environment, platform: NodeJS.Platform): PlanningFacts {
  return { host: gatherHostFacts(environment, platform), references: environment };
}

/** What planning may know of this machine. */
function gatherHostFacts(environment: Environment, platform: NodeJS.Platform): HostFacts {
  const caBundle = findCaBundle(environment, platform);
  return {
    platform: platformOf(platform),
    homeDirectory: environment.homeDirectory,
    ...(caBundle === undefined ? {} : { caBundle }),
  };
}

function platformOf(platform: NodeJS.Platform): HostFacts["platform"] {
  return platform === "linux" || platform === "darwin" || platform === "win32" ? platform : "other";
}

function findCaBundle(environment: Environment, platform: NodeJS.Platform): HostFacts["caBundle"] {
  const complete = [environment.sslCertFile, ...(platform === "linux" ? systemBundles : [])];
  const path = complete.find((candidate) => candidate !== undefined && existsSync(candidate));
  if (path !== undefined) return { path, isComplete: true };
  const extra = environment.nodeExtraCaCerts;
  return extra !== undefined && existsSync(extra) ? { path: extra, isComplete: false } : undefined;
}
