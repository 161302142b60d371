import type { Finding } from "@mcpproxy/core/plan/finding";
import type { StatusWords } from "../status/status-words.ts";

/** How the severity of a finding looks and reads. */
export const severityWords: Readonly<Record<Finding["severity"], StatusWords>> = {
  danger: {
    label: "Danger",
    tone: "bad",
    icon: "octagon",
    description: "The server gets power over this machine.",
  },
  warning: {
    label: "Warning",
    tone: "warning",
    icon: "triangle",
    description: "It will probably not do what is meant.",
  },
  hint: { label: "Hint", tone: "neutral", icon: "info", description: "Worth knowing." },
};
