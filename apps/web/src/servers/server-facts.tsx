import { shellQuoteAll } from "@mcpproxy/core/format/shell-quote";
import type { ServerRecord } from "@mcpproxy/core/run/server-record";
import { Bytes } from "../ui/bytes.tsx";
import { FactList } from "../ui/fact-list.tsx";
import { ImageName } from "../ui/image-name.tsx";
import { Section } from "../ui/section.tsx";
import { ServerIsolation } from "./server-isolation.tsx";

/** What a server is configured to be. */
export function ServerFacts({ server }: { server: ServerRecord }) {
  const { limits } = server;
  return (
    <Section title="Plan">
      <FactList
        facts={[
          { name: "Isolation", value: <ServerIsolation isolation={server.isolation} /> },
          {
            name: "Image",
            value:
              server.image === null ? (
                "–"
              ) : (
                <ImageName image={server.image} builtFromHost={server.imageBuiltFromHost} />
              ),
          },
          { name: "Command", value: server.command.length === 0 ? "–" : <code>{shellQuoteAll(server.command)}</code> },
          { name: "Memory", value: <Bytes bytes={limits.memoryBytes} /> },
          { name: "CPUs", value: limits.cpus ?? "–" },
          { name: "Pids", value: limits.pids ?? "–" },
          { name: "Network", value: limits.network ?? "–" },
        ]}
      />
    </Section>
  );
}
