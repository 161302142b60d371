import { dockerSize } from "@mcpproxy/core/format/docker-size";
import Link from "next/link";
import { Timestamp } from "../clock/timestamp.tsx";
import { ApplyChangeButton } from "../isolation/apply-change-button.tsx";
import type { LimitCards } from "../trpc/router-types.ts";
import { Icon } from "../ui/icon.tsx";
import { exitsInWords } from "./exits-in-words.ts";

type Card = LimitCards[number];

/** A limit that should be another with the change that does it, and what the last change brought. */
export function LimitCard({ card }: { card: Card }) {
  const { server, advice, change } = card;
  return (
    <li
      id={`limit-${encodeURIComponent(server)}`}
      className="flex flex-col gap-2 border-t border-line py-3 target:bg-sunken"
    >
      <h3 className="flex flex-wrap items-center gap-x-3 text-[13px]">
        <Link
          data-row-link
          className="link text-sm font-medium wrap-anywhere"
          href={`/servers/${encodeURIComponent(server)}`}
        >
          {server}
        </Link>
        <Direction card={card} />
      </h3>
      {advice !== null && <Advice card={card} advice={advice} />}
      <div role="status">{change !== null && <Change change={change} />}</div>
    </li>
  );
}

function Direction({ card: { advice } }: { card: Card }) {
  const looks = {
    raise: { text: "Too low", className: "text-bad", icon: "arrow-up" },
    lower: { text: "Far above its use", className: "text-soft", icon: "chevron" },
    changed: { text: "Changed", className: "text-soft", icon: "pencil" },
  } as const;
  const look = looks[advice?.direction ?? "changed"];
  return (
    <span className={`inline-flex items-start gap-1 font-medium ${look.className}`}>
      <Icon name={look.icon} className="mt-[0.15em] size-3.5" />
      {look.text}
    </span>
  );
}

function Advice({ card, advice }: { card: Card; advice: NonNullable<Card["advice"]> }) {
  const { server, limitBytes, isRunning } = card;
  const change = { key: "memory_limit", operation: "set", value: advice.setting } as const;
  return (
    <>
      <p className="max-w-prose text-sm">{advice.summary}</p>
      <pre
        aria-label={`Change of the isolation of ${server} in the config file`}
        className="w-fit max-w-full overflow-x-auto rounded-md bg-sunken px-3 py-1.5 text-xs"
      >
        <del className="block no-underline">- &quot;memory_limit&quot;: &quot;{dockerSize(limitBytes)}&quot;</del>
        <ins className="block text-accent no-underline">+ &quot;memory_limit&quot;: &quot;{advice.setting}&quot;</ins>
      </pre>
      <ApplyChangeButton server={server} change={change} isServerRunning={isRunning}>
        {isRunning ? "Apply and restart" : "Apply"}
      </ApplyChangeButton>
    </>
  );
}

function Change({ change }: { change: NonNullable<Card["change"]> }) {
  const { at, actor, detail, before, after } = change;
  return (
    <div className="text-[13px]">
      <p>
        <code className="text-xs">{detail}</code> <span className="text-soft">by {actor},</span> <Timestamp at={at} />
      </p>
      <dl className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-4 tabular-nums">
        <dt className="text-soft">Before</dt>
        <dd>{exitsInWords(before)}</dd>
        <dt className="text-soft">Since</dt>
        <dd>{exitsInWords(after)}</dd>
      </dl>
    </div>
  );
}
