import type { Readable, Writable } from "node:stream";
import { setTimeout as wait } from "node:timers/promises";

/** Where messages come from, and where they go. */
export interface LineSide {
  readonly input: Readable;
  readonly output: Writable;
}

export interface RelayOptions {
  readonly client: LineSide;
  /** Its input is what it says. */
  readonly service: LineSide;
  /** The client is asked to leave. */
  readonly whenStopped: Promise<unknown>;
  /** How long the last answers may take once the client has left. */
  readonly lingerMs: number;
}

/** Passes bytes both ways until one side has left; tells which one it was. */
export async function relay({ client, service, whenStopped, lingerMs }: RelayOptions): Promise<"client" | "service"> {
  client.input.pipe(service.output);
  service.input.pipe(client.output, { end: false });
  // A pipe that breaks is the end of who had its other side.
  service.output.on("error", () => service.input.destroy());
  const serviceLeft = whenOver(service.input).then(() => "service" as const);
  const clientLeft = Promise.race([whenOver(client.input), whenBroken(client.output), whenStopped]);
  const first = await Promise.race([serviceLeft, clientLeft.then(() => "client" as const)]);
  if (first === "service") return first;
  client.input.unpipe(service.output);
  service.output.end();
  await Promise.race([serviceLeft, wait(lingerMs, undefined, { ref: false })]);
  return first;
}

async function whenOver(stream: Readable): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  for (const event of ["end", "close", "error"]) stream.once(event, () => resolve());
  await promise;
}

async function whenBroken(stream: Writable): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  stream.once("error", () => resolve());
  await promise;
}
