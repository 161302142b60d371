import type { EngineStatus } from "@mcpproxy/core/run/server-record";
import { Timestamp } from "../clock/timestamp.tsx";
import { EngineNotice } from "../notices/notices.tsx";
import { StatusBadge } from "../status/status-badge.tsx";
import { FactList } from "../ui/fact-list.tsx";
import { Section } from "../ui/section.tsx";
import { contextWords } from "./context-words.ts";
import { EngineName } from "./engine-name.tsx";

/** The engine of the servers that choose none themselves. */
export function EngineSection({ engine }: { engine: EngineStatus }) {
  return (
    <Section title="Engine">
      <div className="flex flex-col gap-3">
        <EngineNotice engine={engine} />
        <FactList
          facts={[
            { name: "State", value: <StatusBadge status={contextWords[engine.state]} /> },
            { name: "Context", value: <EngineName engine={engine} /> },
            { name: "Version", value: engine.version ?? "–" },
            { name: "API", value: engine.apiVersion ?? "–" },
            { name: "cgroups", value: engine.cgroupVersion === null ? "–" : `version ${engine.cgroupVersion}` },
            { name: "Checked", value: <Timestamp at={engine.checkedAt} /> },
          ]}
        />
      </div>
    </Section>
  );
}
