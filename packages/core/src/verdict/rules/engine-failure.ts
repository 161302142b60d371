import { assertNever } from "../../assert-never.ts";
import type { ExitFacts } from "../exit-facts.ts";
import type { ImageFailureCode, StartFailure } from "../exit-evidence.ts";
import { asSentence } from "../sentence.ts";
import type { Verdict } from "../verdict.ts";

/** Docker could not be reached when the server was to start. */
export function engineUnavailable({ evidence: { failure } }: ExitFacts): Verdict | undefined {
  if (failure?.stage !== "engine") return undefined;
  return {
    kind: "engine_unavailable",
    confidence: "certain",
    summary: asSentence(failure.message),
    remedy: failure.remedy ?? "Start Docker; MCPProxy picks it up by itself.",
    evidence: [{ source: "engine", text: failure.message }],
  };
}

/** The image could not be found or pulled. */
export function imageFailed({ evidence: { failure: given, image } }: ExitFacts): Verdict | undefined {
  const failure = asImageFailure(given);
  if (failure === undefined) return undefined;
  const name = image ?? "of the server";
  const words = imageWords(failure.code, name);
  // One code for a deadline and a silent registry, one for an image nobody has and one nobody may pull: the engine's first sentence says which it was.
  const isAmbiguous = failure.code === "timed_out" || /pull_policy is "never"/.test(failure.message);
  const told = isAmbiguous ? /^Image .*?\.(?=\s|$)/s.exec(failure.message)?.[0] : undefined;
  return {
    kind: "image_failed",
    confidence: "certain",
    summary:
      told ?? `Image ${name}: ${words.what}${failure.code === "other" ? `: ${asSentence(failure.message)}` : "."}`,
    remedy: failure.remedy ?? words.remedy,
    evidence: [{ source: "engine", text: failure.message }],
  };
}

/** An image of another platform may be pulled without a word; the engine refuses it when the container is created. */
function asImageFailure(failure: StartFailure | undefined): (StartFailure & { readonly stage: "image" }) | undefined {
  if (failure?.stage === "image") return failure;
  const isPlatform =
    failure?.stage === "create" && /does not (?:match|provide) the specified platform/.test(failure.message);
  return isPlatform ? { stage: "image", code: "wrong_platform", message: failure.message } : undefined;
}

function imageWords(code: ImageFailureCode, image: string): { readonly what: string; readonly remedy: string } {
  switch (code) {
    case "not_found":
      return {
        what: "it does not exist, neither here nor in its registry",
        remedy: "Check the name and tag in isolation.image or default_images.",
      };
    case "denied":
      return {
        what: "the registry denied access, or the image does not exist",
        remedy: `Check the name, or log in with docker login and try docker pull ${image}.`,
      };
    case "registry_unreachable":
      return {
        what: "it is not here, and its registry could not be reached",
        remedy: `Check the network and try docker pull ${image}.${isNodeImage(image) ? " On Linux, mcpproxy images build-from-host makes it from this machine's own Node." : ""}`,
      };
    case "timed_out":
      return {
        what: "the pull took longer than pull_timeout",
        remedy: `Raise pull_timeout, or run docker pull ${image} once.`,
      };
    case "no_space":
      return {
        what: "there is no space left on Docker's disk",
        remedy: "Free some with docker system prune, or enlarge the disk.",
      };
    case "wrong_platform":
      return {
        what: "it does not exist for this machine's platform",
        remedy: "Choose an image that is built for this processor.",
      };
    case "other":
      return { what: "the pull failed", remedy: `Try docker pull ${image}.` };
    default:
      return assertNever(code);
  }
}

function isNodeImage(image: string): boolean {
  return /^(?:docker\.io\/)?(?:library\/)?node(?::|@|$)/.test(image);
}
