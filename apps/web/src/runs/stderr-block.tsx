import { EmptyState } from "../ui/empty-state.tsx";
import { Section } from "../ui/section.tsx";
import { TextBlock } from "../ui/text-block.tsx";

/** The last lines that the server wrote to stderr. */
export function StderrBlock({ lines }: { lines: readonly string[] }) {
  return (
    <Section title="Last stderr lines">
      {lines.length === 0 ? (
        <EmptyState kind="not-applicable" title="The server wrote nothing to stderr." />
      ) : (
        <TextBlock label="Text of stderr" startsAt="end">
          {lines.join("\n")}
        </TextBlock>
      )}
    </Section>
  );
}
