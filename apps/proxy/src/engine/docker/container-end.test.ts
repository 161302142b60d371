import { expect, test } from "vitest";
import { gatherContainerEnd } from "./container-end.ts";
import { createEventLog } from "./event-log.ts";
import type { ContainerState } from "./inspect-outcome.ts";

const at = "2026-01-01T00:00:00.000Z";

function request(inspect: () => Promise<ContainerState>) {
  const log = createEventLog();
  log.add({ containerId: "c", labels: {}, timeNano: 1, event: { action: "die", at, exitCode: 1 } });
  return {
    log,
    attachment: { outputEnd: () => Promise.resolve() },
    nextEvent: () => Promise.withResolvers<void>().promise,
    inspect,
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
