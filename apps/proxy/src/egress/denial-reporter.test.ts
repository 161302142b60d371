import { expect, it } from "vitest";
import { createDenialReporter } from "./denial-reporter.ts";
import type { EgressDenial } from "./denial.ts";

const denialOf = (host: string): EgressDenial => ({ host, port: 443, reason: "not_listed", message: host });

it("reports the same denial once a minute", () => {
  const reported: EgressDenial[] = [];
  let now = 0;
  const report = createDenialReporter(
    (denial) => reported.push(denial),
    () => now,
  );
  for (now of [0, 1, 59_999]) report(denialOf("a.example"));
  report({ ...denialOf("a.example"), reason: "not_tls" });
  report({ ...denialOf("a.example"), port: 80 });
  expect(reported).toHaveLength(3);
  now = 60_000;
  report(denialOf("a.example"));
  expect(reported).toHaveLength(4);
});

it("reports a bounded number of different denials a minute", () => {
  const reported: EgressDenial[] = [];
  const report = createDenialReporter(
    (denial) => reported.push(denial),
    () => 0,
  );
  for (let index = 0; index < 1_000; index += 1) report(denialOf(`host-${index}.example`));
  expect(reported).toHaveLength(60);
});
