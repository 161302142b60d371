import { deepStrictEqual, ok } from "node:assert/strict";
import fc from "fast-check";
import { expect, test } from "vitest";
import { Bridge } from "./bridge.ts";
import type { Call } from "./calls.ts";
import { scanMessage, type Message } from "./scan-message.ts";
import { createRequestSession, createSession, type CallSink, type Session } from "./session.ts";

/** Ids and tokens as raw JSON: both types, extremes, and the same value in several spellings. */
const idTexts = ["1", '"1"', "0", "-7", "1.5", "1e3", "9007199254740993", '""', '"é\\u00e9"', '"mcpproxy"'] as const;
const tokenTexts = [undefined, "1", '"1"', "7", '"t\\n"', "0"] as const;

type Step = Readonly<{ do: StepName; a: number; b: number; c: number }>;
const stepNames = [
  "join",
  "leave",
  "call",
  "call",
  "call",
  "callModern",
  "progress",
  "progress",
  "answer",
  "answer",
  "cancel",
  "abandonModern",
  "serverAsks",
  "clientAnswers",
  "serverTakesBack",
  "broadcast",
  "noise",
  "runEnds",
] as const;
type StepName = (typeof stepNames)[number];

interface Client {
  readonly session: Session;
  readonly delivered: string[];
  readonly expected: string[];
}

interface ModelCall {
  readonly client: Client;
  readonly idText: string;
  readonly tokenText: string | undefined;
  /** What the server knows it by; undefined when it was refused at once. */
  readonly ourId: number | undefined;
  readonly handle: Call | undefined;
  readonly got: string[];
  readonly expected: string[];
  isOpen: boolean;
}

interface Question {
  readonly serverIdText: string;
  readonly client: Client;
  readonly idAtClient: number;
  readonly isModern: boolean;
}

/** The bridge and a model of it, side by side: after each step all that came out must be what the model expects. */
class World {
  readonly bridge: Bridge;
  readonly clients: Client[] = [];
  readonly everyone: Client[] = [];
  readonly calls: ModelCall[] = [];
  questions: Question[] = [];
  readonly written: string[] = [];
  readonly expectedWritten: string[] = [];
  expectedLate = 0;
  expectedNoise = 0;
  isAttached = false;
  private serial = 0;
  private nextQuestionId = 1;

  constructor() {
    this.bridge = new Bridge({
      server: "s",
      now: () => 0,
      onNoise: () => undefined,
      onRequestRefused: () => undefined,
      onCallEnded: () => undefined,
    });
    this.attach();
  }

  attach(): void {
    this.isAttached = true;
    this.bridge.attach({ writeLine: (line) => this.written.push(line.toString()), unreadBytes: 0 });
  }

  run({ do: name, a, b, c }: Step): void {
    this.serial += 1;
    if (!this.isAttached && name !== "runEnds" && c % 2 === 0) this.attach();
    this[name](a, b, c);
    this.check();
  }

  join(a: number): void {
    const delivered: string[] = [];
    const session = createSession(`s${this.serial}`, (message) => delivered.push(message.toString()));
    session.capabilities = { sampling: a % 2 === 0, elicitation: false, roots: false };
    const client = { session, delivered, expected: [] };
    this.clients.push(client);
    this.everyone.push(client);
    this.bridge.addSession(session);
  }

  leave(a: number): void {
    const client = pick(this.clients, a);
    if (client === undefined) return;
    this.clients.splice(this.clients.indexOf(client), 1);
    for (const call of this.openCallsOf(client)) this.expectCancelled(call, "the client's session ended");
    this.rejectQuestionsOf(client, "the client's session ended");
    this.bridge.removeSession(client.session);
  }

  call(a: number, b: number, c: number): void {
    const client = pick(this.clients, a);
    if (client !== undefined) this.begin(client, b, c);
  }

  callModern(a: number, b: number, c: number): void {
    const idText = pick(idTexts, b) ?? "1";
    const capabilities = { sampling: a % 2 === 0, elicitation: false, roots: false };
    this.begin({ session: createRequestSession(idText, capabilities), delivered: [], expected: [] }, b, c);
  }

  progress(a: number, b: number): void {
    const call = pick(this.calls, a);
    if (call?.ourId === undefined || !this.isAttached) return;
    const text = (token: string) =>
      `{"params":{"progress":${b},"progressToken":${token}, "x":"é"},"method":"notifications/progress","jsonrpc":"2.0"}`;
    if (call.isOpen && call.tokenText !== undefined) call.expected.push(text(call.tokenText));
    else this.expectedLate += 1;
    this.say(text(String(call.ourId)));
  }

  answer(a: number, b: number): void {
    const call = pick(this.calls, a);
    if (call?.ourId === undefined || !this.isAttached) return;
    const outcome = b % 3 === 0 ? `"error":{"code":-1,"message":"no"}` : `"result":{"n":${this.serial},"s":"\\u00e9é"}`;
    const text = (id: string) => `{ "jsonrpc":"2.0", ${outcome} ,"id":${id}, "extra":[1] }`;
    if (call.isOpen) {
      call.isOpen = false;
      call.expected.push(`result ${text(call.idText)}`);
      if (call.client.session.era === "modern")
        this.rejectQuestionsOf(call.client, "the call that it belonged to is answered");
    } else this.expectedLate += 1;
    this.say(text(String(call.ourId)));
  }

  cancel(a: number, b: number): void {
    const client = pick(this.clients, a);
    if (client === undefined) return;
    const idText = pick(idTexts, b) ?? "1";
    const text = (id: string) =>
      `{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":${id},"reason":"é"}}`;
    const [call, ...others] = this.openCallsOf(client).filter((open) => open.idText === idText);
    if (call !== undefined && others.length === 0) {
      call.isOpen = false;
      call.expected.push("cancelled");
      this.expectedWritten.push(text(String(call.ourId)));
    }
    const message = scan(text(idText));
    if (message.kind === "notification") this.bridge.notification(client.session, message);
  }

  abandonModern(a: number): void {
    const open = this.calls.filter((call) => call.isOpen && call.client.session.era === "modern");
    const call = pick(open, a);
    if (call?.handle === undefined) return;
    this.expectCancelled(call, "gone");
    this.rejectQuestionsOf(call.client, "gone");
    this.bridge.abandon(call.handle, "gone");
  }

  serverAsks(a: number): void {
    if (!this.isAttached) return;
    const serverIdText = a % 2 === 0 ? `"q${this.serial}"` : String(this.serial);
    const text = (id: string) => `{"jsonrpc":"2.0","id":${id},"method":"sampling/createMessage","params":{"é":1}}`;
    const able = this.calls.filter((call) => call.isOpen && call.client.session.capabilities.sampling);
    const sessions = new Set(able.map(({ client }) => client));
    const call = able.at(-1);
    const isClear = sessions.size === 1 && call !== undefined;
    if (isClear) {
      const idAtClient = this.nextQuestionId;
      this.nextQuestionId += 1;
      const isModern = call.client.session.era === "modern";
      call.expected.push(isModern ? `question ${idAtClient}` : text(String(idAtClient)));
      this.questions.push({ serverIdText, client: call.client, idAtClient, isModern });
    }
    const before = this.written.length;
    this.say(text(serverIdText));
    if (isClear) return;
    // Its words are for people; that it is an answer to this question is what counts.
    const refusal = this.written[before] ?? "";
    ok(refusal.includes(`"id":${serverIdText},"error":`), refusal);
    this.expectedWritten.push(refusal);
  }

  clientAnswers(a: number, b: number): void {
    const question = pick(this.questions, a);
    const client = b % 3 === 0 ? pick(this.everyone, b) : question?.client;
    if (question === undefined || client === undefined) return;
    const text = (id: string) => `{"jsonrpc":"2.0","id":${id},"result":{"é":"\\u00e9"}}`;
    if (client === question.client) {
      this.questions = this.questions.filter((other) => other !== question);
      if (this.isAttached) this.expectedWritten.push(text(question.serverIdText));
    } else this.expectedLate += 1;
    const message = scan(text(String(question.idAtClient)));
    if (message.kind === "response") this.bridge.response(client.session, message);
  }

  serverTakesBack(a: number): void {
    const question = pick(this.questions, a);
    if (question === undefined || !this.isAttached) return;
    this.questions = this.questions.filter((other) => other !== question);
    const text = (id: string) => `{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":${id}}}`;
    const { client, isModern, idAtClient, serverIdText } = question;
    if (isModern) this.callAsked(question)?.expected.push(`took back ${idAtClient}`);
    else client.expected.push(text(String(idAtClient)));
    this.say(text(serverIdText));
  }

  broadcast(): void {
    const text = `{"jsonrpc":"2.0","method":"notifications/tools/list_changed","params":{"n":${this.serial}}}`;
    for (const { expected } of this.clients) expected.push(text);
    this.say(text);
  }

  noise(a: number): void {
    this.expectedNoise += 1;
    this.say(a % 2 === 0 ? "listening on 3000" : `{"jsonrpc":"2.0","id":1,"id":2,"result":{}}`);
  }

  runEnds(): void {
    if (!this.isAttached) return;
    this.isAttached = false;
    this.questions = [];
    for (const call of this.calls.filter(({ isOpen }) => isOpen)) {
      call.isOpen = false;
      call.expected.push(`result {"jsonrpc":"2.0","id":${call.idText},"error":{"code":-32000,"message":"it ended"}}`);
    }
    this.bridge.detach({ code: "server_unavailable", message: "it ended" });
  }

  check(): void {
    deepStrictEqual(this.written, this.expectedWritten);
    for (const { got, expected } of this.calls) deepStrictEqual(got, expected);
    for (const { delivered, expected } of this.everyone) deepStrictEqual(delivered, expected);
    const { callsInFlight, counters, sessionCount } = this.bridge;
    deepStrictEqual(
      { callsInFlight, sessionCount, late: counters.lateMessages, noise: counters.noiseLines },
      {
        callsInFlight: this.calls.filter(({ isOpen }) => isOpen).length,
        sessionCount: this.clients.length,
        late: this.expectedLate,
        noise: this.expectedNoise,
      },
    );
  }

  private begin(client: Client, b: number, c: number): void {
    const idText = pick(idTexts, b) ?? "1";
    const tokenText = pick(tokenTexts, c);
    const text = (id: string, token: string | undefined) => {
      const meta = token === undefined ? `"_meta":{"k":1}` : `"_meta":{"k":1 , "progressToken": ${token}}`;
      return `{ "id":${id},"params":{"name":"é\\u00e9",${meta}},"method":"tools/call","jsonrpc":"2.0" ,"x":null}`;
    };
    const message = scan(text(idText, tokenText));
    if (message.kind !== "request") throw new Error("a request");
    const got: string[] = [];
    const sink = client.session.era === "modern" ? modernSinkInto(got) : sinkInto(got);
    const handle = this.bridge.request(client.session, message, sink);
    const ourId = handle?.id;
    const call = { client, idText, tokenText, ourId, handle, got, expected: new Array<string>(), isOpen: true };
    this.calls.push(call);
    if (this.isAttached) {
      this.expectedWritten.push(text(String(ourId), tokenText === undefined ? undefined : String(ourId)));
      return;
    }
    call.isOpen = false;
    call.expected.push(`result ${refusalText(idText)}`);
  }

  private expectCancelled(call: ModelCall, reason: string): void {
    call.isOpen = false;
    call.expected.push("cancelled");
    const params = JSON.stringify({ requestId: call.ourId, reason });
    this.expectedWritten.push(`{"jsonrpc":"2.0","method":"notifications/cancelled","params":${params}}`);
  }

  private rejectQuestionsOf(client: Client, reason: string): void {
    for (const { serverIdText } of this.questions.filter((question) => question.client === client)) {
      const error = JSON.stringify({ code: -32603, message: reason });
      this.expectedWritten.push(`{"jsonrpc":"2.0","id":${serverIdText},"error":${error}}`);
    }
    this.questions = this.questions.filter((question) => question.client !== client);
  }

  private callAsked({ client, idAtClient }: Question): ModelCall | undefined {
    return this.calls.find((call) => call.client === client && call.expected.includes(`question ${idAtClient}`));
  }

  private openCallsOf(client: Client): readonly ModelCall[] {
    return this.calls.filter((call) => call.isOpen && call.client === client);
  }

  private say(text: string): void {
    this.bridge.receive(Buffer.from(text));
  }
}

function refusalText(idText: string): string {
  const error = JSON.stringify({ code: -32000, message: "the server is not running" });
  return `{"jsonrpc":"2.0","id":${idText},"error":${error}}`;
}

function sinkInto(got: string[]): CallSink {
  return {
    onMessage: (message) => got.push(message.toString()) > 0,
    onResult: (message) => void got.push(`result ${message.toString()}`),
    onCancelled: () => void got.push("cancelled"),
  };
}

/** A client of the modern era gets no requests: the front asks in another way. */
function modernSinkInto(got: string[]): CallSink {
  return {
    ...sinkInto(got),
    onServerRequest: ({ id }) => got.push(`question ${id}`) > 0,
    onServerRequestCancelled: (id) => void got.push(`took back ${id}`),
  };
}

function scan(text: string): Message {
  return scanMessage(Buffer.from(text));
}

function pick<Value>(values: readonly Value[], index: number): Value | undefined {
  return values[index % values.length];
}

const index = fc.nat({ max: 1_000 });
const step: fc.Arbitrary<Step> = fc.record({ do: fc.constantFrom(...stepNames), a: index, b: index, c: index });

test("whatever the order, each request has one outcome, of its own session, under its own id and token", () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60, size: "max" }), (steps) => {
      const world = new World();
      world.join(0);
      world.join(1);
      for (const one of steps) world.run(one);
      world.runEnds();
      world.check();
      while (world.clients.length > 0) world.leave(0);
      world.check();
      expect(world.bridge.describeCallsInFlight()).toEqual([]);
    }),
    { numRuns: Number(process.env["MCPPROXY_TORTURE_ROUNDS"] ?? 1) * 400 },
  );
}, 120_000);
