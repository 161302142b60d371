import { expect, test } from "vitest";
import { until } from "../testing/until.ts";
import { legacyClient, startAllServers } from "./testing/all-servers.ts";

const deadlineMs = 90_000;

test(
  "while one server crashes again and again, each call gets one answer and the other server none of it",
  { timeout: deadlineMs },
  async () => {
    await using started = await startAllServers();
    await started.service.startServers();
    const clients = await Promise.all(Array.from({ length: 5 }, () => legacyClient(`${started.url}/mcp`)));
    let isOver = false;
    let echoed = 0;
    const outcomes: string[] = [];
    const load = clients.map(async (client, index) => {
      while (!isOver) {
        const message = `${index}-${echoed}`;
        const pid = client.callTool({ name: "crashing__pid", arguments: {} }).then(
          () => "answered",
          (error: unknown) => String(error),
        );
        const echo = await client.callTool({ name: "everything__echo", arguments: { message } });
        expect(JSON.stringify(echo)).toContain(`Echo: ${message}`);
        echoed += 1;
        outcomes.push(await pid);
      }
    });
    const [first] = clients;
    for (let crash = 0; crash < 3; crash += 1) {
      await until(
        "it runs",
        () => first?.callTool({ name: "crashing__pid", arguments: {} }).catch(() => undefined),
        deadlineMs,
      );
      await first?.callTool({ name: "crashing__crash", arguments: {} }).catch(() => undefined);
    }
    isOver = true;
    await Promise.all(load);
    expect(echoed).toBeGreaterThan(0);
    const failures = outcomes.filter((outcome) => outcome !== "answered");
    expect(failures.filter((failure) => !failure.includes("crashing:"))).toEqual([]);
    for (const client of clients) await client.close();
  },
);
