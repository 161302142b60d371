import { bridgeLines } from "./bridge-figures.ts";
import { measureLargeAnswers } from "./large-answers.ts";
import { measureMemoryOverCalls } from "./memory-over-calls.ts";
import { measureStdioFront } from "./stdio-front.ts";

// The bridge's own figures alone; `main.ts` measures them with all others.
const largeAnswers = await measureLargeAnswers(5);
const stdioFront = await measureStdioFront(10);
const memoryOverCalls = await measureMemoryOverCalls(Number(process.argv[2] ?? 1_000_000));
process.stdout.write(`${bridgeLines({ largeAnswers, stdioFront, memoryOverCalls }).join("\n")}\n`);
