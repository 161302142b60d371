import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Command } from "commander";
import { expect, test } from "vitest";
import { readEnvironment } from "../environment.ts";
import { addValidateCommand } from "./validate-command.ts";

async function validate(servers: object): Promise<{ readonly exitCode: number; readonly printed: string }> {
  const home = await mkdtemp(join(tmpdir(), "mcpproxy-validate-"));
  const result = { exitCode: 0, printed: "" };
  const program = new Command();
  addValidateCommand(program, {
    environment: readEnvironment({ HOME: home }),
    platform: "linux",
    print: (text) => (result.printed += text),
    printError: (text) => (result.printed += text),
    setExitCode: (code) => (result.exitCode = code),
  });
  const config = join(home, "config.json");
  await writeFile(config, JSON.stringify({ mcpServers: servers }));
  await program.parseAsync(["validate", "--config", config], { from: "user" });
  await rm(home, { recursive: true });
  return result;
}

const image = "mcp-image:latest";

test.each([
  ["a terminal", ["run", "-it", "--rm", image], '"the input device is not a TTY"'],
  ["the background", ["run", "-i", "-d", image], "in the background"],
  ["no stdin", ["run", "--rm", image], "does not attach stdin"],
])("validate refuses a docker command with %s", async (_, args, words) => {
  const { exitCode, printed } = await validate({ mine: { command: "docker", args } });
  expect(exitCode).toBe(2);
  expect(printed).toContain(words);
});

test("validate accepts the docker command of the guide", async () => {
  expect((await validate({ mine: { command: "docker", args: ["run", "-i", "--rm", image] } })).exitCode).toBe(0);
});
