import { dockerCommand, shellQuote } from "@mcpproxy/core/format/shell-quote";
import { Fragment } from "react";
import { CopyButton } from "../ui/copy-button.tsx";
import { EmptyState } from "../ui/empty-state.tsx";
import { Section } from "../ui/section.tsx";
import { TextBlock } from "../ui/text-block.tsx";

/** The command that creates the same container by hand. */
export function DockerCommandBlock({ dockerRunArgs }: { dockerRunArgs: readonly string[] | null }) {
  if (dockerRunArgs === null) {
    return (
      <Section title="Docker command">
        <EmptyState kind="not-applicable" title="There is none: this run is a process on the host." />
      </Section>
    );
  }
  const command = dockerCommand(dockerRunArgs);
  return (
    <Section title="Docker command" aside={<CopyButton text={command} label="Copy the docker command" />}>
      <TextBlock label="Text of the docker command">
        {["docker", ...dockerRunArgs].map((argument, index) => (
          <Fragment key={`${index} ${argument}`}>
            <WholeArgument argument={argument} />{" "}
          </Fragment>
        ))}
      </TextBlock>
      <p className="mt-1 text-xs text-soft">Creates the same container by hand. Secret values are left out.</p>
    </Section>
  );
}

/** A line breaks between arguments, within one only where it is longer than a line. */
function WholeArgument({ argument }: { argument: string }) {
  return <span className="inline-block max-w-full">{shellQuote(argument)}</span>;
}
