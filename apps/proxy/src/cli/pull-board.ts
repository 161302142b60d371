import { describePull, pullShare } from "@mcpproxy/core/run/describe-pull";
import type { PullProgress } from "@mcpproxy/core/run/server-record";

/** The part of a terminal's stream that is needed. */
export interface Terminal {
  readonly columns: number;
  write(text: string): unknown;
}

/** Shows how pulls go on; everything printed meanwhile has to go through `print`. */
export interface PullBoard {
  show(progress: PullProgress): void;
  /** The image needs no line any more. */
  drop(image: string): void;
  /** Prints with this function, without tearing the lines of the board. */
  print(printNow: () => void): void;
}

/** On a terminal: one line per image at the bottom, kept up to date. */
export function createTerminalBoard(terminal: Terminal): PullBoard {
  const lines = new Map<string, string>();
  let drawn = 0;
  const clear = (): void => {
    if (drawn > 0) terminal.write(`\u001B[${drawn}A\u001B[J`);
    drawn = 0;
  };
  const draw = (): void => {
    for (const line of lines.values()) terminal.write(`${line.slice(0, terminal.columns - 1)}\n`);
    drawn = lines.size;
  };
  const redrawAfter = (change: () => void): void => {
    clear();
    change();
    draw();
  };
  return {
    show: (progress) => redrawAfter(() => lines.set(progress.image, `  ${progress.image}: ${describePull(progress)}`)),
    drop: (image) => redrawAfter(() => lines.delete(image)),
    print: redrawAfter,
  };
}

/** Without a terminal: a plain line for the start and for every tenth, so that a log stays readable. */
export function createPlainBoard(printLine: (line: string) => void): PullBoard {
  const told = new Map<string, number>();
  return {
    show(progress) {
      const { image } = progress;
      const step = stepOf(progress);
      if (step <= (told.get(image) ?? -2)) return;
      told.set(image, step);
      printLine(step === 0 ? `Pulling ${image} …` : `  ${image}: ${describePull(progress)}`);
    },
    drop: (image) => void told.delete(image),
    print: (printNow) => printNow(),
  };
}

/** -1 while queued, 0 from the start, then the tenths of the download. */
function stepOf(progress: PullProgress): number {
  return progress.state === "queued" ? -1 : Math.floor(10 * (pullShare(progress) ?? 0));
}

export const silentBoard: PullBoard = {
  show: () => undefined,
  drop: () => undefined,
  print: (printNow) => printNow(),
};
