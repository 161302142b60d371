import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { childEnvironment } from "../../harness/environment.ts";
import { repository } from "../../harness/repository.ts";
import type { ServerEra } from "../combination.ts";
import { parseMessage, type Message } from "./message.ts";

/** The fixture as a child process. */
export interface FixtureProcess {
  send(message: Message): void;
  /** Ends its input and waits for its exit. */
  stop(): Promise<void>;
}

/** Starts the fixture; `onMessage` gets everything that it writes. */
export function startFixture({
  era,
  onMessage,
}: {
  readonly era: ServerEra;
  readonly onMessage: (message: Message) => void;
}): FixtureProcess {
  const child = spawn(process.execPath, [repository.conformanceFixture, "--era", era], {
    env: childEnvironment({}),
    stdio: ["pipe", "pipe", "inherit"],
  });
  const exited = once(child, "exit");
  createInterface({ input: child.stdout }).on("line", (line) => onMessage(parseMessage(line)));
  return {
    send: (message) => void child.stdin.write(`${JSON.stringify({ jsonrpc: "2.0", ...message })}\n`),
    async stop() {
      child.stdin.end();
      await exited;
    },
  };
}
