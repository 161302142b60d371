import type { DockerContextRecord } from "@mcpproxy/core/run/docker-context-record";
import type { StatusWords } from "../status/status-words.ts";

/** How the state of a Docker context looks and reads. */
export const contextWords: Readonly<Record<DockerContextRecord["state"], StatusWords>> = {
  available: { label: "Available", tone: "good", icon: "check", description: "The engine answers." },
  unavailable: { label: "Unavailable", tone: "bad", icon: "cross", description: "The engine does not answer." },
  unchecked: { label: "Not asked yet", tone: "neutral", icon: "dash", description: "Nobody uses it." },
};

export const usedWords: StatusWords = {
  label: "Used",
  tone: "good",
  icon: "check",
  description: "A server runs here, or would start here.",
};
