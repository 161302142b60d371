import type { ProxyProblem, ProxyStatus } from "@mcpproxy/core/run/server-record";
import { z } from "zod";
import { until } from "../../testing/until.ts";
import type { ProxyUnderTest } from "./proxy-under-test.ts";

const deadlineMs = 60_000;

// The API answers with exactly this record: both sides of it are typed by the same declaration.
const statusSchema = z.custom<ProxyStatus>();

/** Resolves with what the status says that is wrong. */
export async function untilProblem(proxy: ProxyUnderTest, kind: ProxyProblem["kind"]): Promise<string> {
  return await until(`the status tells of the ${kind}`, () => problemOf(proxy, kind), deadlineMs);
}

/** Resolves when nothing of the kind is wrong any more. */
export async function untilNoProblem(proxy: ProxyUnderTest, kind: ProxyProblem["kind"]): Promise<void> {
  const isOver = async (): Promise<true | undefined> => (await problemOf(proxy, kind)) === undefined || undefined;
  await until(`the ${kind} is fine`, isOver, deadlineMs);
}

async function problemOf(proxy: ProxyUnderTest, kind: ProxyProblem["kind"]): Promise<string | undefined> {
  const status = statusSchema.parse(await proxy.rest("GET", "/status"));
  return status.problems.find((problem) => problem.kind === kind)?.message;
}
