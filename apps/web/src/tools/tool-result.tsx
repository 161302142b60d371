import { formatBytes } from "@mcpproxy/core/format/bytes";
import { Latency } from "../clock/latency.tsx";
import type { ToolOutcome } from "../trpc/router-types.ts";
import { Icon } from "../ui/icon.tsx";
import { TextBlock } from "../ui/text-block.tsx";

/** What came of a call, and how long it took. */
export function ToolResult({ outcome }: { outcome: ToolOutcome }) {
  return (
    <div role="status" className="flex flex-col gap-3">
      <p className="flex items-center gap-3 text-[13px]">
        <OutcomeWords outcome={outcome} />
        <span className="text-soft">
          took <Latency ms={outcome.durationMs} />
        </span>
      </p>
      {outcome.kind === "error" && <TextBlock label="Text of the error">{outcome.message}</TextBlock>}
      {outcome.kind === "result" && (
        <>
          {outcome.content.map((block, index) => (
            <ContentBlock key={index} block={block} place={index + 1} />
          ))}
          {outcome.structuredContent !== null && (
            <TextBlock label="Structured content">{JSON.stringify(outcome.structuredContent, undefined, 2)}</TextBlock>
          )}
        </>
      )}
    </div>
  );
}

function OutcomeWords({ outcome }: { outcome: ToolOutcome }) {
  if (outcome.kind === "result" && !outcome.isError)
    return (
      <span className="flex items-center gap-1 text-good">
        <Icon name="check" className="size-3.5" /> Answered
      </span>
    );
  return (
    <span className="flex items-center gap-1 text-bad">
      <Icon name="cross" className="size-3.5" /> {failureWords(outcome)}
    </span>
  );
}

function failureWords(outcome: ToolOutcome): string {
  switch (outcome.kind) {
    case "result":
      return "The tool says that it failed";
    case "error":
      return `Error ${outcome.code}`;
    case "too-large":
      return `The answer of ${formatBytes(outcome.sizeBytes)} is too large for this page`;
    default:
      return outcome satisfies never;
  }
}

/** Kinds that can only be looked at: an image in SVG may hold more than a picture. */
const imageTypes = new Set(["image/png", "image/jpeg", "image/gif", "image/webp"]);

function ContentBlock({ block, place }: { block: Readonly<Record<string, unknown>>; place: number }) {
  const { type, text, data, mimeType } = block;
  if (type === "text" && typeof text === "string") return <TextBlock label={`Text ${place}`}>{text}</TextBlock>;
  if (type === "image" && typeof data === "string" && typeof mimeType === "string" && imageTypes.has(mimeType)) {
    const source = `data:${mimeType};base64,${data}`;
    // oxlint-disable-next-line next/no-img-element -- no file of any site: nothing to make smaller or to cache
    return <img src={source} alt={`Content ${place} of the answer`} className="max-w-full" />;
  }
  return <TextBlock label={`Content ${place}`}>{JSON.stringify(shortened(block), undefined, 2)}</TextBlock>;
}

const dataShown = 120;

/** Audio and files come as long texts that nobody reads. */
function shortened(block: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const { data } = block;
  if (typeof data !== "string" || data.length <= dataShown) return block;
  return { ...block, data: `${data.slice(0, dataShown)}… (${data.length} characters)` };
}
