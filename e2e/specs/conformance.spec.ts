import { expect, test } from "@playwright/test";
import { combinations, directCombinations, nameOf, type Combination } from "../conformance/combination.ts";
import { readExpectations, type Expectation } from "../conformance/expectations.ts";
import { judge } from "../conformance/judge.ts";
import { runAndJudge } from "../conformance/run-and-judge.ts";
import { runSuite } from "../conformance/run-suite.ts";
import { startDirectSubject, startProxySubject, type Subject } from "../conformance/subjects.ts";
import { freePort } from "../harness/free-port.ts";

const expectationOf = await readExpectations();

test.describe.configure({ timeout: 300_000 });

test("a server that is not there does not conform", async () => {
  // The suite counts some passes even then.
  const [combination] = directCombinations;
  if (combination === undefined) throw new Error("There is no combination to take the expectations of");
  const outcome = await runSuite({ url: `http://127.0.0.1:${await freePort()}/mcp`, revision: combination.revision });
  expect(outcome.exitCode).toBe(1);
  expect(judge(outcome, expectationOf(combination)).complaints.join("\n")).toMatch(/Only \d+ of \d+ checks passed/);
});

test.describe("the fixture itself conforms", () => {
  for (const combination of directCombinations) {
    test(nameOf(combination), async () => {
      const subject = await startDirectSubject(combination.era);
      try {
        await expectConformance({ subject, combination, expectation: expectationOf(combination) });
      } finally {
        await subject.stop();
      }
    });
  }
});

test.describe("a server in a container conforms through MCPProxy", () => {
  let subject: Subject;

  test.beforeAll(async () => {
    subject = await startProxySubject(combinations.filter((one) => expectationOf(one).blocked === undefined));
  });

  test.afterAll(async () => subject?.stop());

  for (const combination of combinations) {
    const expectation = expectationOf(combination);
    test(nameOf(combination), async () => {
      test.skip(expectation.blocked !== undefined, expectation.blocked);
      await expectConformance({ subject, combination, expectation });
    });
  }
});

interface Conformance {
  readonly subject: Subject;
  readonly combination: Combination;
  readonly expectation: Expectation;
}

async function expectConformance({ subject, combination, expectation }: Conformance): Promise<void> {
  const { revision } = combination;
  const { judgement } = await runAndJudge({ url: subject.urlOf(combination), revision, expectation });
  expect(judgement.complaints).toEqual([]);
}
