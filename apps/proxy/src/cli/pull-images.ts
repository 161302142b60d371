import { createDockerEngine } from "../engine/docker/docker-engine.ts";
import type { EngineSelection } from "@mcpproxy/core/plan/isolation-plan";
import { EngineError, type ContainerEngine, type ImageFacts } from "../engine/engine.ts";
import { buildFromHost } from "./build-from-host.ts";
import type { CommandContext } from "./command-context.ts";
import { createPlainBoard, createTerminalBoard, silentBoard, type PullBoard } from "./pull-board.ts";

export interface WantedImage {
  readonly image: string;
  readonly platform?: string;
  readonly pullTimeoutMs: number;
  /** Which engine gets it. */
  readonly engine: EngineSelection;
}

export interface PullImagesInput {
  readonly wanted: readonly WantedImage[];
  readonly buildsIfUnreachable: boolean;
  readonly isJson: boolean;
  readonly context: CommandContext;
}

interface PullOneInput extends Omit<PullImagesInput, "wanted"> {
  readonly wanted: WantedImage;
  readonly engine: ContainerEngine;
  readonly board: PullBoard;
}

/** Makes sure of the images, some at a time, and says how. Exit code 1 when one could not be had. */
export async function pullImages(input: PullImagesInput): Promise<void> {
  const byEngine = Map.groupBy(input.wanted, ({ engine }) => JSON.stringify(engine));
  for (const wanted of byEngine.values()) await pullOnEngine({ ...input, wanted });
}

async function pullOnEngine(input: PullImagesInput): Promise<void> {
  const { environment } = input.context;
  const engine = createDockerEngine({
    environment: environment.docker,
    target: input.wanted[0]?.engine ?? { kind: "default" },
    helperEnvironment: environment.processVariables,
    instanceId: "images",
  });
  try {
    const status = await engine.probe();
    if (status.state === "unavailable") {
      input.context.printError(
        `${status.problem?.message ?? "Docker is not reachable."} ${status.problem?.remedy ?? ""}`,
      );
      input.context.setExitCode(1);
      return;
    }
    const board = boardFor(input);
    const context = throughBoard(input.context, board);
    await Promise.all(input.wanted.map((wanted) => pullOne({ ...input, wanted, context, engine, board })));
  } finally {
    await engine.close();
  }
}

function boardFor({ isJson, context }: PullImagesInput): PullBoard {
  if (isJson) return silentBoard;
  return context.terminal === undefined
    ? createPlainBoard((line) => context.print(line))
    : createTerminalBoard(context.terminal);
}

function throughBoard(context: CommandContext, board: PullBoard): CommandContext {
  return {
    ...context,
    print: (text) => board.print(() => context.print(text)),
    printError: (text) => board.print(() => context.printError(text)),
  };
}

async function pullOne(input: PullOneInput): Promise<void> {
  const { board, context } = input;
  const { image, platform, pullTimeoutMs } = input.wanted;
  try {
    const facts = await input.engine.ensureImage({
      image,
      ...(platform === undefined ? {} : { platform }),
      policy: "missing",
      deadlineMs: pullTimeoutMs,
      signal: new AbortController().signal,
      onPullStarted: () => undefined,
      // The board's lines go by the names that were asked for.
      onProgress: (progress) => board.show({ ...progress, image }),
    });
    board.drop(image);
    context.print(input.isJson ? JSON.stringify({ image, ...facts }) : describeFacts(image, facts));
    if (facts.warning !== undefined) context.printError(facts.warning);
  } catch (error) {
    board.drop(image);
    if (!(error instanceof EngineError)) throw error;
    await explainFailure(error, input);
  }
}

function describeFacts(image: string, { wasPulled, builtFromHost }: ImageFacts): string {
  const origin = builtFromHost === undefined ? "" : `, built from a host's own Node ${builtFromHost}`;
  return `${image}: ${wasPulled ? "pulled" : "already here"}${origin}`;
}

async function explainFailure(error: EngineError, input: PullOneInput): Promise<void> {
  const { context, isJson } = input;
  const { image, engine } = input.wanted;
  context.printError(error.message);
  const isUnreachable = error.detail.stage === "image" && error.detail.code === "registry_unreachable";
  if (isUnreachable && input.buildsIfUnreachable && context.platform === "linux" && isNodeImage(image)) {
    context.printError(
      `The registry of images cannot be reached, so ${image} is built from this host's own Node instead.`,
    );
    await buildFromHost({ tag: image, engine, extraPaths: [], isJson, context });
    return;
  }
  context.setExitCode(1);
}

function isNodeImage(image: string): boolean {
  return /^(?:docker\.io\/)?(?:library\/)?node(?::|$)/.test(image);
}
