import { notFound, redirect } from "next/navigation";
import { describeFailure } from "./describe-failure.ts";

/** Waits for the queries of a page. A signed-out visitor goes to /login, a thing that is not there to its 404 page;
 * every other failure is left to the browser, which shows it and recovers by itself. */
export async function prefetch(queries: readonly Promise<unknown>[]): Promise<void> {
  const outcomes = await Promise.allSettled(queries);
  const failures = outcomes.flatMap((outcome) =>
    outcome.status === "rejected" ? [describeFailure(outcome.reason)] : [],
  );
  if (failures.some((failure) => failure.kind === "signed-out")) redirect("/login?problem=signed-out");
  if (failures.some((failure) => failure.kind === "not-found")) notFound();
}
