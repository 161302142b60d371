import type { CaCertificates } from "@mcpproxy/config-schema/config";
import { assertNever } from "../assert-never.ts";
import type { BindMount, EnvVariable, HostFacts } from "./isolation-plan.ts";

const targetPath = "/etc/mcpproxy/ca-certificates.crt";
/** Adds to the built-in roots, so any bundle is safe. */
const addingVariables = ["NODE_EXTRA_CA_CERTS"];
/** Replace the roots of OpenSSL, Python, curl and pip, so only a bundle with the public roots may go there. */
const replacingVariables = ["SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "PIP_CERT"];

export interface CaCertificatesPart {
  readonly mounts: readonly BindMount[];
  readonly env: readonly EnvVariable[];
}

/** Makes the container trust what the host trusts; variables that the user sets are left alone. */
export function planCaCertificates(
  choice: CaCertificates,
  input: { readonly host: HostFacts; readonly userEnv: readonly EnvVariable[] },
): CaCertificatesPart {
  const bundle = chooseBundle(choice, input.host);
  if (bundle === undefined) return { mounts: [], env: [] };
  const taken = new Set(input.userEnv.map(({ name }) => name));
  const names = bundle.isComplete ? [...addingVariables, ...replacingVariables] : addingVariables;
  return {
    mounts: [{ source: bundle.path, target: targetPath, isReadOnly: true }],
    env: names.filter((name) => !taken.has(name)).map((name) => ({ name, value: targetPath, isSecret: false })),
  };
}

/** The bundle to trust, if any. */
export function chooseBundle(choice: CaCertificates, host: HostFacts): HostFacts["caBundle"] {
  switch (choice.kind) {
    case "none":
      return undefined;
    case "auto":
      return host.caBundle;
    case "file":
      return choice.path === host.caBundle?.path ? host.caBundle : { path: choice.path, isComplete: false };
    default:
      return assertNever(choice);
  }
}
