import { proofImage } from "../../isolation-proof/testing/proof-image.ts";
import type { VerdictProof } from "../verdict-proof.ts";

/** The config file of a proof: every server lazy, one try each, nothing kept. */
export function proofConfig(proofs: readonly Pick<VerdictProof, "name" | "command" | "env" | "isolation">[]): object {
  return {
    docker_isolation: {
      memory_limit: "128m",
      network_mode: "none",
      pull_policy: "never",
      start: "lazy",
      keep_exited: 0,
      restart: { policy: "never" },
    },
    mcpServers: proofs.map(({ name, command: [program, ...args], env, isolation }) => {
      // A docker command brings its image, and a process of this machine has none.
      const needsImage = program !== "docker" && isolation?.["enabled"] !== false;
      return {
        name,
        command: program,
        args,
        ...(env && { env }),
        isolation: { ...(needsImage && { image: proofImage }), ...isolation },
      };
    }),
  };
}
