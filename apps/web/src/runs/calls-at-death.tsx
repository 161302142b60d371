import type { RunRecord } from "@mcpproxy/core/run/run-record";
import { Duration } from "../clock/duration.tsx";
import { Section } from "../ui/section.tsx";

/** The calls that had no answer yet when the run ended. */
export function CallsAtDeath({ run }: { run: Pick<RunRecord, "state" | "callsInFlight"> }) {
  if (run.callsInFlight.length === 0) return null;
  return (
    <Section title={run.state === "ended" ? "Calls in flight at the end" : "Calls in flight"}>
      <ul className="flex flex-col gap-1 text-[13px]">
        {run.callsInFlight.map((call, index) => (
          <li key={`${index}:${call.sessionId}`} className="wrap-anywhere">
            <code>{call.tool ?? call.method}</code>{" "}
            <span className="text-soft">
              {call.tool !== undefined && `${call.method}, `}
              waiting for <Duration ms={call.ageMs} />, session {call.sessionId.slice(0, 8)}
            </span>
            {call.arguments !== undefined && <code className="block text-soft">{call.arguments}</code>}
          </li>
        ))}
      </ul>
    </Section>
  );
}
