import { expect, it } from "vitest";
import { remember } from "./remember.ts";

it("asks once, and again when it is to forget", async () => {
  let asked = 0;
  const answer = remember(async () => (asked += 1));
  expect(await Promise.all([answer.get(), answer.get()])).toEqual([1, 1]);
  answer.forget();
  expect(await answer.get()).toBe(2);
});

it("asks again after a failure, but keeps what was asked in the meantime", async () => {
  const questions: PromiseWithResolvers<number>[] = [];
  const answer = remember(() => {
    const question = Promise.withResolvers<number>();
    questions.push(question);
    return question.promise;
  });
  const first = answer.get();
  answer.forget();
  const second = answer.get();
  questions[0]?.reject(new Error("away"));
  await expect(first).rejects.toThrow("away");
  questions[1]?.resolve(2);
  expect([await second, await answer.get(), questions.length]).toEqual([2, 2, 2]);
  answer.forget();
  const third = answer.get();
  questions[2]?.reject(new Error("away"));
  await expect(third).rejects.toThrow("away");
  void answer.get();
  expect(questions).toHaveLength(4);
});
