import type { ServerRecord } from "@mcpproxy/core/run/server-record";
import { adviseLimit, type LimitAdvice } from "@mcpproxy/core/verdict/advise-limit";
import type { AuditEntry, ServerExits } from "../../store/store.ts";
import type { ApiContext } from "./context.ts";

const dayMs = 86_400_000;
const peaksCountForMs = 30 * dayMs;
const runsMax = 200;
const changesShownForMs = 14 * dayMs;
const comparedMaxMs = 7 * dayMs;

/** How a server ended in a time before or after its limit was changed. */
export interface ExitsOfSpan extends ServerExits {
  readonly from: string;
  readonly to: string;
}

/** A server's memory limit: what would be better, and what the last change of it brought. */
export interface LimitCard {
  readonly server: string;
  readonly limitBytes: number;
  readonly isRunning: boolean;
  readonly advice: LimitAdvice | null;
  /** The last change of memory_limit over the API in two weeks. */
  readonly change: {
    readonly at: string;
    readonly actor: string;
    /** What was written, such as `memory_limit = "1g"`. */
    readonly detail: string;
    readonly before: ExitsOfSpan;
    readonly after: ExitsOfSpan;
  } | null;
}

/** Servers whose memory limit should be another, or was changed lately; those that need more come first. */
export async function adviseLimits(context: Pick<ApiContext, "store" | "servers">): Promise<readonly LimitCard[]> {
  const nowMs = Date.now();
  const changes = await lastChanges(context, nowMs);
  const cards: LimitCard[] = [];
  for (const server of context.servers.list()) {
    const { memoryBytes: limitBytes } = server.limits;
    if (limitBytes === null || server.isolation !== "docker") continue;
    const advice = await adviceFor(context, { server, limitBytes, nowMs });
    const entry = changes.get(server.name);
    if (advice === undefined && entry === undefined) continue;
    const change = entry === undefined ? null : await describeChange(context, { server: server.name, entry, nowMs });
    cards.push({ server: server.name, limitBytes, isRunning: server.run !== null, advice: advice ?? null, change });
  }
  return cards.toSorted((one, other) => rank(one) - rank(other));
}

function rank({ advice }: LimitCard): number {
  if (advice === null) return 2;
  return advice.direction === "raise" ? 0 : 1;
}

async function adviceFor(
  { store }: Pick<ApiContext, "store">,
  input: { readonly server: ServerRecord; readonly limitBytes: number; readonly nowMs: number },
): Promise<LimitAdvice | undefined> {
  const { server, limitBytes, nowMs } = input;
  const since = new Date(nowMs - peaksCountForMs).toISOString();
  const uses = await store.serverHistory.memoryUses({ server: server.name, since, limit: runsMax });
  const livePeakBytes = server.run?.peakMemoryBytes ?? server.run?.memoryBytes ?? undefined;
  return adviseLimit({ limitBytes, uses, livePeakBytes, nowMs });
}

async function lastChanges(
  { store }: Pick<ApiContext, "store">,
  nowMs: number,
): Promise<ReadonlyMap<string | null, AuditEntry>> {
  const since = new Date(nowMs - changesShownForMs).toISOString();
  const entries = await store.audit.ofAction({ action: "change-isolation", since });
  const ofLimit = entries.filter(({ detail }) => detail !== null && /(?:^|, )memory_limit\b/.test(detail));
  // Oldest first, so that the newest stays.
  return new Map(ofLimit.toReversed().map((entry) => [entry.server, entry]));
}

async function describeChange(
  { store }: Pick<ApiContext, "store">,
  { server, entry, nowMs }: { readonly server: string; readonly entry: AuditEntry; readonly nowMs: number },
): Promise<LimitCard["change"]> {
  const atMs = Date.parse(entry.at);
  const afterMs = Math.min(nowMs - atMs, comparedMaxMs);
  const beforeMs = Math.max(afterMs, dayMs);
  const exitsOf = async (fromMs: number, toMs: number): Promise<ExitsOfSpan> => {
    const span = { from: new Date(fromMs).toISOString(), to: new Date(toMs).toISOString() };
    return { ...span, ...(await store.serverHistory.exits({ server, ...span })) };
  };
  const detail = entry.detail?.split(", ").find((part) => part.startsWith("memory_limit")) ?? "";
  const [before, after] = [await exitsOf(atMs - beforeMs, atMs), await exitsOf(nowMs - afterMs, nowMs + 1)];
  return { at: entry.at, actor: entry.actor, detail, before, after };
}
