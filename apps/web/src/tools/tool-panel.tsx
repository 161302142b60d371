"use client";

import { useState } from "react";
import { useMutation } from "@tanstack/react-query";
import { describeFailure } from "../trpc/describe-failure.ts";
import type { Tool } from "../trpc/router-types.ts";
import { slowRequest } from "../trpc/slow-request.ts";
import { useTrpcClient } from "../trpc/trpc-context.ts";
import { Button } from "../ui/button.tsx";
import { Section } from "../ui/section.tsx";
import { TextBlock } from "../ui/text-block.tsx";
import { parseJson, toolArguments, toolFields, type ToolArguments } from "./tool-fields.ts";
import { ToolForm } from "./tool-form.tsx";
import { ToolResult } from "./tool-result.tsx";

/** One tool: what it says of itself, a form to try it, and what came of that. */
export function ToolPanel({ server, tool }: { server: string; tool: Tool }) {
  return (
    <div className="flex min-w-0 flex-col gap-6">
      <div>
        <h3 className="font-mono text-sm font-semibold wrap-anywhere">{tool.name}</h3>
        {tool.title !== null && <p className="text-[13px]">{tool.title}</p>}
        {tool.description !== null && (
          <p className="mt-1 max-w-prose text-[13px] wrap-anywhere whitespace-pre-line text-soft">{tool.description}</p>
        )}
        <Hints tool={tool} />
      </div>
      <Trial server={server} tool={tool} />
      <Section title="Schema">
        <TextBlock label={`Schema of ${tool.name}`}>{JSON.stringify(tool.inputSchema, undefined, 2)}</TextBlock>
      </Section>
    </div>
  );
}

const hintWords = [
  ["readOnlyHint", "Says that it changes nothing"],
  ["destructiveHint", "Says that it may destroy something"],
  ["openWorldHint", "Says that it reaches out to the world"],
] as const;

function Hints({ tool }: { tool: Tool }) {
  const hints = hintWords.filter(([key]) => tool.annotations[key] === true);
  return hints.length === 0 ? null : (
    <p className="mt-1 text-xs text-soft">{hints.map(([, words]) => words).join(". ")}.</p>
  );
}

function Trial({ server, tool }: { server: string; tool: Tool }) {
  const client = useTrpcClient();
  const fields = toolFields(tool.inputSchema);
  const [texts, setTexts] = useState<Readonly<Record<string, string>>>(() =>
    Object.fromEntries(fields.map(({ name, firstText }) => [name, firstText])),
  );
  const [raw, setRaw] = useState<string>();
  const [problem, setProblem] = useState<string>();
  const call = useMutation({
    mutationFn: (args: Record<string, unknown>) =>
      client.servers.callTool.mutate({ name: server, tool: tool.name, args: asJson(args) }, slowRequest),
  });
  const toggleRaw = (): void => {
    const typed = toolArguments(fields, texts);
    setRaw(raw === undefined ? JSON.stringify(typed.ok ? typed.args : {}, undefined, 2) : undefined);
    setProblem(undefined);
  };
  const submit = (): void => {
    const read = raw === undefined ? toolArguments(fields, texts) : rawArguments(raw);
    setProblem(read.ok ? undefined : read.problem);
    if (read.ok) call.mutate(read.args);
  };
  return (
    <Section
      title="Try it"
      aside={<Button onClick={toggleRaw}>{raw === undefined ? "Arguments as JSON" : "Arguments as a form"}</Button>}
    >
      <form
        className="flex flex-col gap-3"
        onSubmit={(event) => {
          event.preventDefault();
          if (!call.isPending) submit();
        }}
      >
        <ToolForm fields={fields} texts={texts} onChange={setTexts} raw={raw} onRaw={setRaw} />
        {problem !== undefined && (
          <p role="alert" className="text-[13px] text-bad">
            {problem}
          </p>
        )}
        <div className="flex flex-wrap items-center gap-3">
          <Button icon="play" label={`Call ${tool.name}`} isPending={call.isPending} onClick={submit}>
            Call
          </Button>
          <span className="text-xs text-soft">Really runs, and is noted in the audit log without its arguments.</span>
        </div>
      </form>
      <div className="mt-4">
        {call.isError && (
          <p role="alert" className="text-[13px] text-bad wrap-anywhere">
            {describeFailure(call.error).message}
          </p>
        )}
        {call.isSuccess && <ToolResult outcome={call.data} />}
      </div>
    </Section>
  );
}

function rawArguments(text: string): ToolArguments {
  const value = parseJson(text);
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? { ok: true, args: { ...value } }
    : { ok: false, problem: "The arguments are no JSON object." };
}

/** Safe: every value came out of JSON.parse, or is a text, a number, a switch or a list of texts. */
function asJson(args: Record<string, unknown>): Record<string, never> {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- see above
  return args as Record<string, never>;
}
