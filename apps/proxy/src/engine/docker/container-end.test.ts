import { describe, expect, test } from "vitest";
import { gatherContainerEnd } from "./container-end.ts";
import { createEventLog } from "./event-log.ts";
import type { ContainerState } from "./inspect-outcome.ts";

const at = "2026-01-01T00:00:00.000Z";

function request(inspect: () => Promise<ContainerState>, exitCode = 1) {
  const log = createEventLog();
  log.add({ containerId: "c", labels: {}, timeNano: 1, event: { action: "die", at, exitCode } });
  let next = Promise.withResolvers<void>();
  return {
    log,
    attachment: { outputEnd: () => Promise.resolve() },
    nextEvent: () => next.promise,
    inspect,
    tell(action: "oom" | "kill" | "destroy") {
      log.add({ containerId: "c", labels: {}, timeNano: 2, event: { action, at } });
      next.resolve();
      next = Promise.withResolvers();
    },
  };
}

test("an engine that answers in time is believed at once", async () => {
  const end = await gatherContainerEnd(request(async () => ({ state: "exited", exitCode: 1, isOomFlagSet: true })));
  expect(end).toMatchObject({ exitCode: 1, isOomFlagSet: true });
  expect(end.confirmed).toBeUndefined();
});

test("of one that is busy the events tell first, and its answer follows", async () => {
  const late = Promise.withResolvers<ContainerState>();
  const end = await gatherContainerEnd(request(() => late.promise));
  expect(end).toMatchObject({ containerState: "exited", exitCode: 1, isOomFlagSet: false });
  late.resolve({ state: "exited", exitCode: 1, isOomFlagSet: true, finishedAt: at });
  expect(await end.confirmed).toMatchObject({ exitCode: 1, isOomFlagSet: true });
});

describe("a kill that nothing explains", () => {
  const killed = { state: "exited" as const, exitCode: 137 };

  test("is told at once, and explained by the event that follows", async () => {
    let isOomFlagSet = false;
    const asked = request(async () => ({ ...killed, isOomFlagSet }), 137);
    const end = await gatherContainerEnd(asked);
    expect(end).toMatchObject({ exitCode: 137, isOomFlagSet: false });
    asked.tell("destroy");
    isOomFlagSet = true;
    asked.tell("oom");
    expect(await end.confirmed).toMatchObject({
      isOomFlagSet: true,
      events: expect.arrayContaining([expect.objectContaining({ action: "oom" })]),
    });
  });

  test("stays unexplained when no event follows", async () => {
    const end = await gatherContainerEnd(request(async () => ({ ...killed, isOomFlagSet: false }), 137));
    expect(await end.confirmed).toMatchObject({ exitCode: 137, isOomFlagSet: false });
  });

  test("is told once when the event came before", async () => {
    const asked = request(async () => ({ ...killed, isOomFlagSet: true }), 137);
    asked.tell("oom");
    expect((await gatherContainerEnd(asked)).confirmed).toBeUndefined();
  });
});
