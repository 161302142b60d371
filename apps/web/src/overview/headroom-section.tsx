import { formatBytes } from "@mcpproxy/core/format/bytes";
import Link from "next/link";
import type { Overview } from "../trpc/router-types.ts";
import { EmptyState } from "../ui/empty-state.tsx";
import { Section } from "../ui/section.tsx";
import { describeHeadroom } from "./describe-headroom.ts";

/** The memory that running containers may take together, against what the machine of the engine has. */
export function HeadroomSection({ headroom }: { headroom: Overview["headroom"] }) {
  const { hostBytes, limitsBytes, usedBytes } = headroom;
  const words = describeHeadroom(headroom);
  if (hostBytes === null)
    return (
      <Section title="Memory of the host">
        <EmptyState kind="not-applicable" title="Not known while Docker cannot be reached." />
      </Section>
    );
  const share = (bytes: number): number => Math.min(100, (100 * bytes) / hostBytes);
  return (
    <Section title="Memory of the host">
      <div className="flex max-w-2xl flex-col gap-2 text-[13px]">
        <svg
          role="img"
          aria-label={`Limits ${formatBytes(limitsBytes)}, in use ${formatBytes(usedBytes)}, of ${formatBytes(hostBytes)}`}
          viewBox="0 0 100 8"
          preserveAspectRatio="none"
          className="h-2 w-full rounded-full"
        >
          <rect width="100" height="8" className="fill-sunken-strong" />
          <rect width={share(limitsBytes)} height="8" className={words.isOver ? "fill-warning" : "fill-soft"} />
          <rect y="2" width={share(usedBytes)} height="4" className="fill-accent" />
        </svg>
        <p>
          {words.text}{" "}
          <Link className="link text-soft" href="/servers">
            Limits of each server
          </Link>
        </p>
      </div>
    </Section>
  );
}
