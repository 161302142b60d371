import { Icon } from "../ui/icon.tsx";
import type { StatusWords, Tone } from "./status-words.ts";

export const toneText: Readonly<Record<Tone, string>> = {
  good: "text-good",
  busy: "text-accent",
  neutral: "text-soft",
  warning: "text-warning",
  bad: "text-bad",
};

/** Icon, word and colour of a status; its meaning shows on hover. */
export function StatusBadge({ status }: { status: StatusWords }) {
  return (
    <span
      className={`inline-flex items-start gap-1 align-top font-medium ${toneText[status.tone]}`}
      title={status.description}
    >
      <Icon
        name={status.icon}
        className={`mt-[0.15em] size-3.5 ${status.tone === "busy" ? "motion-safe:animate-spin" : ""}`}
      />
      {status.label}
    </span>
  );
}
