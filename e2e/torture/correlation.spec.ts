import { expect, test } from "@playwright/test";
import { ensureTestImage } from "../harness/global-setup.ts";
import type { Product } from "../harness/product.ts";
import { postModern, RawSession, rawIdOf, resultText } from "./raw-session.ts";
import { randomNumbers, rounds } from "./rounds.ts";
import { containedTortureServer, startTortured, tortureServer } from "./torture-product.ts";

let product: Product;
test.beforeAll(async () => {
  await ensureTestImage();
  product = await startTortured([tortureServer("host"), containedTortureServer("contained")]);
});
test.afterAll(async () => product?.dispose());

/** Both types, extremes, and what no number type holds exactly. */
const idTexts = [
  "0",
  "-1",
  "1.5",
  "9007199254740993",
  "-9007199254740993",
  "123456789012345678901234567890",
  "1e400",
  "0.1e-7",
  '""',
  '"1"',
  '"\\u0000"',
  '"é\\u00e9\\ud83d\\ude00"',
  '"\\\\\\""',
  `"${"x".repeat(10_000)}"`,
];

for (const server of ["host", "contained"]) {
  test(`${server}: 16 sessions that all send id 1 at once, 50 times each, get their own answers`, async () => {
    const sessions = await Promise.all(Array.from({ length: 16 }, () => RawSession.open(product.mcpUrl(server))));
    const calls = sessions.flatMap((session, of) =>
      Array.from({ length: 50 * rounds }, async (_, call) => {
        const text = `session ${of}, call ${call}`;
        const { messages } = await session.call({ idText: "1", name: "echo", values: { text } }).answer;
        expect(messages).toEqual([`{"jsonrpc":"2.0","id":1,"result":${JSON.stringify(textContent(text))}}`]);
      }),
    );
    await Promise.all(calls);
    await Promise.all(sessions.map((session) => session.end()));
  });
}

test("ids of both types and of every size come back as they were written, in both eras", async () => {
  const session = await RawSession.open(product.mcpUrl("host"));
  const calls = idTexts.flatMap((idText) => [
    session.call({ idText, name: "echo", values: { text: "x" } }),
    postModern({ url: product.mcpUrl("host"), idText, name: "echo", values: { text: "x" } }),
  ]);
  const answers = await Promise.all(calls.map(({ answer }) => answer));
  expect(answers.map(({ messages }) => rawIdOf(messages[0] ?? ""))).toEqual(idTexts.flatMap((id) => [id, id]));
  await session.end();
});

test("ids that are no strings or numbers are refused, and nothing waits", async () => {
  const session = await RawSession.open(product.mcpUrl("host"));
  for (const idText of ["null", "true", "{}", "[1]"]) {
    const { status } = await session.call({ idText, name: "echo", values: { text: "x" } }).answer;
    expect([idText, status]).toEqual([idText, 400]);
  }
  await session.end();
});

test("progress of calls side by side, under the same tokens of both types, stays with its call and before its result", async () => {
  const url = product.mcpUrl("host");
  const sessions = await Promise.all(Array.from({ length: 8 }, () => RawSession.open(url)));
  const tokenTexts = ["1", '"1"', "0", '"é"', "-3.5"];
  const random = randomNumbers(5);
  const calls = Array.from({ length: 200 * rounds }, async (_, call) => {
    const name = `call ${call}`;
    const tokenText = tokenTexts[Math.floor(random() * tokenTexts.length)] ?? "1";
    const request = { idText: "1", name: "progress", values: { steps: 20, name }, tokenText };
    const session = sessions[call % sessions.length];
    const { answer } =
      call % 3 === 0 || session === undefined ? postModern({ ...request, url }) : session.call(request);
    const { messages } = await answer;
    expect(messages.slice(0, -1)).toEqual(
      Array.from({ length: 20 }, (__, step) => {
        const params = `{"progressToken":${tokenText},"progress":${step},"message":"${name}"}`;
        return `{"jsonrpc":"2.0","method":"notifications/progress","params":${params}}`;
      }),
    );
    expect(resultText(messages.at(-1) ?? "")).toBe(name);
  });
  await Promise.all(calls);
  await Promise.all(sessions.map((session) => session.end()));
});

test("both eras mixed on one server at once get answers of their own era", async () => {
  const url = product.mcpUrl("host");
  const session = await RawSession.open(url);
  const calls = Array.from({ length: 300 * rounds }, async (_, call) => {
    const isModern = call % 2 === 0;
    const request = { idText: "1", name: "echo", values: { text: `call ${call}` } };
    const { messages } = await (isModern ? postModern({ ...request, url }) : session.call(request)).answer;
    expect(resultText(messages[0] ?? "")).toBe(`call ${call}`);
    expect(messages[0]?.includes('"resultType":"complete"')).toBe(isModern);
  });
  await Promise.all(calls);
  await session.end();
});

function textContent(text: string) {
  return { content: [{ type: "text", text }] };
}
