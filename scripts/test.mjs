import { mkdirSync, rmSync } from "node:fs";
import { dirname } from "node:path";
import { stopDaemon } from "./docker-daemon.mjs";
import { ensureDependencies } from "./install.mjs";
import { runCommand } from "./run-command.mjs";
import { formatElapsed, StepError } from "./step.mjs";
import { countStage, sumCounts } from "./test-report.mjs";
import { bringRequirements } from "./test-requirements.mjs";
import { stages } from "./test-stages.mjs";
import { ensureToolchain } from "./toolchain.mjs";

const usage = `npm test -- [--only ${stages.map(({ name }) => name).join(",")}]`;

async function main() {
  const chosen = chooseStages(process.argv.slice(2));
  const env = { ...(await ensureToolchain()), CI: "true" };
  await ensureDependencies(env);
  const needs = new Set(chosen.map((stage) => stage.needs));
  const { problems, startedDaemonPid } = await bringRequirements({ env, needs });
  try {
    return await runStages({ chosen, env, problems });
  } finally {
    if (startedDaemonPid !== undefined) await stopDaemon(startedDaemonPid);
  }
}

function chooseStages(argv) {
  if (argv.length === 0) return stages;
  const [flag, value] = argv.flatMap((argument) => argument.split("="));
  const names = value?.split(",") ?? [];
  const unknown = names.filter((name) => !stages.some((stage) => stage.name === name));
  if (flag !== "--only" || names.length === 0 || unknown.length > 0)
    throw new StepError(`Unknown arguments: ${argv.join(" ")}\n${usage}`);
  return stages.filter(({ name }) => names.includes(name));
}

/** Every stage runs, also after a failure, except what needs a build that failed. */
async function runStages({ chosen, env, problems }) {
  const outcomes = [];
  let isBuildBroken = false;
  for (const stage of chosen) {
    const problem = isBuildBroken ? "the build failed" : problems[stage.needs];
    const outcome = problem ? skipStage(stage, problem) : await runStage(stage, env);
    outcomes.push(outcome);
    if (stage.isPrerequisite && outcome.failed > 0) isBuildBroken = true;
  }
  return outcomes;
}

function skipStage(stage, problem) {
  console.log(`\n── ${stage.title} ── cannot run: ${problem}`);
  return { title: stage.title, passed: 0, failed: 1, elapsedMs: 0, note: `cannot run: ${problem}` };
}

async function runStage(stage, env) {
  console.log(`\n── ${stage.title} ──`);
  const startedAt = performance.now();
  const counts = [];
  for (const request of stage.commands()) counts.push(await runStageCommand(request, env));
  return { title: stage.title, ...sumCounts(counts), elapsedMs: performance.now() - startedAt, note: "" };
}

async function runStageCommand({ reportFile, ...request }, env) {
  if (reportFile) {
    mkdirSync(dirname(reportFile), { recursive: true });
    rmSync(reportFile, { force: true });
  }
  const result = await runCommand({ ...request, env: { ...env, ...request.env }, output: "inherit" });
  if (result.isTimedOut) console.log(`${request.args.join(" ")} was ended after ${formatElapsed(request.deadlineMs)}.`);
  return countStage({ exitCode: result.exitCode, ...(reportFile && { reportFiles: [reportFile] }) });
}

function printOutcomes(outcomes) {
  console.log("\nSummary");
  for (const { title, passed, failed, elapsedMs, note } of outcomes) {
    const counts = `${passed} passed, ${failed} failed`;
    console.log(
      `  ${failed === 0 ? "✓" : "✗"} ${title.padEnd(26)} ${counts.padEnd(24)} ${note || formatElapsed(elapsedMs)}`,
    );
  }
}

async function run() {
  try {
    const outcomes = await main();
    printOutcomes(outcomes);
    return sumCounts(outcomes);
  } catch (error) {
    console.error(error instanceof StepError ? `\n${error.message}` : error);
    return { passed: 0, failed: 1 };
  }
}

const total = await run();
process.exitCode = total.failed === 0 ? 0 : 1;
console.log(`\n${total.passed} passed, ${total.failed} failed`);
