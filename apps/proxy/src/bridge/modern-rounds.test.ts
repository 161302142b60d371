import { deepStrictEqual, ok } from "node:assert/strict";
import fc from "fast-check";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Bridge } from "./bridge.ts";
import { scanMessage, type Message } from "./scan-message.ts";
import { createSession, type Session } from "./session.ts";

const stepNames = [
  "call",
  "call",
  "answer",
  "answer",
  "ask",
  "ask",
  "ask",
  "askNothing",
  "tooLong",
  "reply",
  "reply",
  "reply",
  "progress",
  "cancel",
  "leave",
  "wait",
  "runEnds",
] as const;
interface Step {
  readonly do: (typeof stepNames)[number];
  readonly a: number;
  readonly b: number;
}

interface TrackedCall {
  readonly idText: string;
  readonly client: Session;
  readonly got: string[];
}

/** Clients of the legacy era at a server of the modern era that answers what it likes, also twice. */
class World {
  readonly bridge: Bridge;
  readonly calls: TrackedCall[] = [];
  readonly clients: Session[];
  readonly strayed: string[] = [];
  /** Ids under which the server knows what it was sent. */
  readonly knownIds: number[] = [];
  private serial = 0;

  constructor() {
    this.bridge = new Bridge({
      server: "s",
      now: () => 0,
      onNoise: () => undefined,
      onRequestRefused: () => undefined,
      onCallEnded: () => undefined,
    });
    this.clients = ["a", "b"].map((name) => createSession(name, (message) => this.strayed.push(message.toString())));
    for (const client of this.clients) this.bridge.addSession(client);
    this.attach();
  }

  run({ do: name, a, b }: Step): void {
    this.serial += 1;
    this[name](a, b);
    this.check();
  }

  call(a: number, b: number): void {
    const client = pick(this.clients, a);
    if (client === undefined) return;
    const idText = b % 2 === 0 ? String(b % 3) : JSON.stringify(`x${b % 3}`);
    const message = scan(
      `{"jsonrpc":"2.0","id":${idText},"method":"tools/call","params":{"name":"t","_meta":{"progressToken":${idText}}}}`,
    );
    const got: string[] = [];
    this.calls.push({ idText, client, got });
    if (message.kind !== "request") throw new Error("a request");
    this.bridge.request(client, message, {
      onMessage: (bytes) => got.push(bytes.toString()) > 0,
      onResult: (bytes) => void got.push(`result ${bytes.toString()}`),
      onCancelled: () => void got.push("cancelled"),
    });
  }

  answer(a: number): void {
    this.say(a, `"result":{"resultType":"complete"}`);
  }

  ask(a: number, b: number): void {
    const one = { method: "elicitation/create", params: { message: "?" } };
    const inputRequests = b % 2 === 0 ? { x: one } : { x: one, y: { method: "sampling/createMessage", params: {} } };
    this.say(a, `"result":${JSON.stringify({ resultType: "input_required", inputRequests, requestState: "z" })}`);
  }

  askNothing(a: number): void {
    this.say(a, `"result":{"resultType":"input_required","requestState":"z"}`);
  }

  tooLong(a: number): void {
    const head = Buffer.from(`{"jsonrpc":"2.0","id":${pick(this.knownIds, a) ?? 0},"result":`);
    this.bridge.receiveTooLong({ sizeBytes: 1e9, head, tail: Buffer.from("}}") });
  }

  reply(a: number, b: number): void {
    const call = pick(this.calls, a);
    if (call === undefined || !this.clients.includes(call.client)) return;
    const asked = call.got.flatMap((text) => /"id":(\d+),"method":"(?:el|sa)/.exec(text)?.[1] ?? []);
    const outcome = b % 4 === 0 ? `"error":{"code":-1,"message":"no"}` : `"result":{"action":"accept"}`;
    const message = scan(`{"jsonrpc":"2.0","id":${pick(asked, b) ?? "0"},${outcome}}`);
    if (message.kind === "response") this.bridge.response(call.client, message);
  }

  progress(a: number): void {
    const progressToken = pick(this.knownIds, a) ?? 0;
    const params = JSON.stringify({ progressToken, progress: this.serial });
    this.bridge.receive(Buffer.from(`{"jsonrpc":"2.0","method":"notifications/progress","params":${params}}`));
  }

  cancel(a: number): void {
    const call = pick(this.calls, a);
    if (call === undefined || !this.clients.includes(call.client)) return;
    const message = scan(`{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":${call.idText}}}`);
    if (message.kind === "notification") this.bridge.notification(call.client, message);
  }

  leave(a: number): void {
    const client = this.clients.length > 1 ? pick(this.clients, a) : undefined;
    if (client === undefined) return;
    this.clients.splice(this.clients.indexOf(client), 1);
    this.bridge.removeSession(client);
  }

  wait(): void {
    vi.runAllTimers();
  }

  runEnds(): void {
    this.bridge.detach({ code: "server_unavailable", message: "it ended" });
    this.check();
    this.expectAllOver();
    this.attach();
  }

  expectAllOver(): void {
    for (const { got } of this.calls) deepStrictEqual(got.filter(isOutcome).length, 1);
    deepStrictEqual(this.bridge.callsInFlight, 0);
  }

  check(): void {
    for (const { idText, got } of this.calls) {
      const outcomes = got.filter(isOutcome);
      ok(outcomes.length <= 1, outcomes.join("\n"));
      // The outcome is the last that its client hears.
      if (outcomes.length === 1) deepStrictEqual(got.at(-1), outcomes[0]);
      for (const outcome of outcomes) if (outcome !== "cancelled") ok(outcome.includes(`"id":${idText},`), outcome);
    }
    deepStrictEqual(this.strayed, []);
  }

  private attach(): void {
    const note = (line: Buffer): void => {
      const id = /"id":(\d+)/.exec(line.toString())?.[1];
      if (id !== undefined) this.knownIds.push(Number(id));
    };
    this.bridge.attach({ writeLine: note, unreadBytes: 0 });
    this.bridge.useEra("modern");
  }

  private say(a: number, outcome: string): void {
    this.bridge.receive(Buffer.from(`{"jsonrpc":"2.0","id":${pick(this.knownIds, a) ?? 0},${outcome}}`));
  }
}

function isOutcome(text: string): boolean {
  return text === "cancelled" || text.startsWith("result ");
}

function scan(text: string): Message {
  return scanMessage(Buffer.from(text));
}

function pick<Value>(values: readonly Value[], index: number): Value | undefined {
  return values[index % values.length];
}

const index = fc.nat({ max: 1_000 });
const step: fc.Arbitrary<Step> = fc.record({ do: fc.constantFrom(...stepNames), a: index, b: index });

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

test("whatever a server of the modern era answers to legacy clients, each request has one outcome, and that comes last", () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40, size: "max" }), (steps) => {
      const world = new World();
      for (const one of steps) world.run(one);
      world.runEnds();
      world.wait();
      world.check();
      world.expectAllOver();
      expect(world.bridge.describeCallsInFlight()).toEqual([]);
    }),
    { numRuns: Number(process.env["MCPPROXY_TORTURE_ROUNDS"] ?? 1) * 400 },
  );
}, 120_000);
