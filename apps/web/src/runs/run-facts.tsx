import { shellQuoteAll } from "@mcpproxy/core/format/shell-quote";
import type { RunRecord } from "@mcpproxy/core/run/run-record";
import Link from "next/link";
import { Duration } from "../clock/duration.tsx";
import { EngineName } from "../docker/engine-name.tsx";
import { Bytes } from "../ui/bytes.tsx";
import { FactList, type Fact } from "../ui/fact-list.tsx";
import { ImageName } from "../ui/image-name.tsx";
import { MemoryBar } from "../ui/memory-bar.tsx";
import { Section } from "../ui/section.tsx";

const triggerWords: Readonly<Record<RunRecord["trigger"], string>> = {
  eager: "MCPProxy started",
  call: "A call came in",
  user: "A person asked for it",
  config: "The configuration changed",
  stdio: "A stdio client connected",
  restart: "The run before it failed",
};

/** Limits, timings and identity of a run. */
export function RunFacts({ run }: { run: RunRecord }) {
  return (
    <>
      <Section title="Limits">
        <FactList facts={limitFacts(run)} />
      </Section>
      <Section title="Timings">
        <FactList facts={timingFacts(run)} />
      </Section>
      <Section title="What ran">
        <FactList facts={identityFacts(run)} />
      </Section>
    </>
  );
}

function limitFacts({ limits, peakMemoryBytes }: RunRecord): readonly Fact[] {
  return [
    { name: "Memory", value: <Bytes bytes={limits.memoryBytes} /> },
    {
      name: "Peak memory",
      value: <MemoryBar label="Peak memory" bytes={peakMemoryBytes} limitBytes={limits.memoryBytes} />,
    },
    { name: "CPUs", value: limits.cpus ?? "–" },
    { name: "Pids", value: limits.pids ?? "–" },
    { name: "Network", value: limits.network ?? "–" },
  ];
}

function timingFacts({ timings }: RunRecord): readonly Fact[] {
  return [
    { name: "Pull", value: <Duration ms={timings.pullMs} /> },
    { name: "Create", value: <Duration ms={timings.createMs} /> },
    { name: "Start", value: <Duration ms={timings.startMs} /> },
    { name: "Initialize", value: <Duration ms={timings.initializeMs} /> },
  ];
}

function identityFacts(run: RunRecord): readonly Fact[] {
  return [
    {
      name: "Isolation",
      value:
        run.isolation === "docker" ? (
          "Docker container"
        ) : run.isolation === "remote" ? (
          "Remote, not isolated by MCPProxy"
        ) : (
          <span className="font-medium text-bad">Host process, not isolated</span>
        ),
    },
    ...(run.isolation === "docker" ? containerFacts(run) : run.isolation === "none" ? processFacts(run) : []),
    { name: run.isolation === "remote" ? "Address" : "Command", value: <code>{shellQuoteAll(run.command)}</code> },
    { name: "Started because", value: triggerWords[run.trigger] },
    ...(run.restartOf === null
      ? []
      : [
          {
            name: "Restart of",
            value: (
              <Link className="link" href={`/runs/${run.restartOf}`}>
                attempt {run.attempt - 1}
              </Link>
            ),
          },
        ]),
    ...(run.stoppedBy === null ? [] : [{ name: "Stopped by", value: run.stoppedBy }]),
    { name: "Sessions", value: run.sessions },
    { name: "Calls", value: run.callsTotal },
    { name: "Run id", value: <code>{run.id}</code> },
  ];
}

function containerFacts(run: RunRecord): readonly Fact[] {
  return [
    { name: "Engine", value: run.engine === null ? "–" : <EngineName engine={run.engine} /> },
    {
      name: "Image",
      value: run.image === null ? "–" : <ImageName image={run.image} builtFromHost={run.imageBuiltFromHost} />,
    },
    { name: "Digest", value: run.imageDigest === null ? "–" : <code>{run.imageDigest}</code> },
    { name: "Container", value: run.containerName === null ? "–" : <code>{run.containerName}</code> },
    { name: "Container id", value: run.containerId === null ? "–" : <code>{run.containerId.slice(0, 12)}</code> },
  ];
}

/** The host engine names a process "pid:123" where Docker has the id of a container. */
function processFacts({ containerId }: RunRecord): readonly Fact[] {
  return [{ name: "Process", value: containerId === null ? "–" : <code>{containerId.replace("pid:", "pid ")}</code> }];
}
