import { Command } from "commander";
import { afterAll, beforeAll, expect, test } from "vitest";
import { readEnvironment } from "../environment.ts";
import { everything, startTestService, type TestService } from "../testing/start-test-service.ts";
import type { CommandContext } from "./command-context.ts";
import { addCallCommand, addToolsCommand } from "./tools-command.ts";

const deadlineMs = 60_000;
let running: TestService;

beforeAll(async () => {
  running = await startTestService({ mcpServers: [everything] });
  await running.service.startServers();
}, deadlineMs);
afterAll(() => running[Symbol.asyncDispose](), deadlineMs);

interface Outcome {
  readonly output: string;
  readonly error: string;
  readonly exitCode: number;
}

async function run(args: readonly string[], listen = new URL(running.url).host): Promise<Outcome> {
  const output: string[] = [];
  let exitCode = 0;
  const context: CommandContext = {
    environment: readEnvironment({ HOME: running.paths.dataDirectory, MCPPROXY_LISTEN: listen }),
    platform: "linux",
    print: (text) => output.push(text),
    printError: (text) => output.push(text),
    setExitCode: (code) => {
      exitCode = code;
    },
  };
  const program = new Command("mcpproxy").exitOverride();
  for (const add of [addToolsCommand, addCallCommand]) add(program, context);
  const { config, dataDirectory, logDirectory } = running.paths;
  const places = ["--config", config, "--data-dir", dataDirectory, "--log-dir", logDirectory];
  try {
    await program.parseAsync([...args, ...places], { from: "user" });
    return { output: output.join("\n"), error: "", exitCode };
  } catch (error) {
    return { output: output.join("\n"), error: error instanceof Error ? error.message : String(error), exitCode };
  }
}

test("tools lists those of one server, and all of them as /mcp names them", { timeout: deadlineMs }, async () => {
  expect((await run(["tools", "everything"])).output).toMatch(/^echo {2}/m);
  expect((await run(["tools"])).output).toMatch(/^everything__echo {2}/m);
  expect(JSON.parse((await run(["tools", "everything", "--json"])).output)).toHaveProperty("tools");
});

test("call prints what the tool answers", { timeout: deadlineMs }, async () => {
  const asked = ["call", "everything", "echo", "--json-args", '{"message":"from a terminal"}'];
  expect(await run(asked)).toMatchObject({ output: "Echo: from a terminal", exitCode: 0 });
  expect(JSON.parse((await run([...asked, "--json"])).output)).toHaveProperty("content");
});

test("call says what went wrong, and exits with 1 when the tool says so", { timeout: deadlineMs }, async () => {
  expect((await run(["call", "nobody", "echo"])).error).toContain(`No server is called "nobody"`);
  expect((await run(["call", "everything", "echo", "--json-args", "[1]"])).error).toContain(
    "--json-args is no JSON object",
  );
  expect((await run(["call", "everything", "echo"])).exitCode).toBe(1);
});

test("both say that MCPProxy is not running", { timeout: deadlineMs }, async () => {
  const outcome = await run(["tools"], "127.0.0.1:1");
  expect(outcome).toMatchObject({ output: expect.stringContaining("MCPProxy is not running"), exitCode: 1 });
});
