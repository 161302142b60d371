import { existsSync } from "node:fs";
import { homeEnvironment, runCommand } from "./command-line.ts";
import { docker, hasImage } from "./docker.ts";
import { repository } from "./repository.ts";
import { testImage } from "./server-entries.ts";
import { temporaryHome } from "./temporary-home.ts";

/** Fails early, with the remedy, when something is missing that every test needs; builds the test image once. */
export default async function prepare(): Promise<void> {
  for (const path of [repository.proxyProgram, repository.webBuildId]) {
    if (!existsSync(path)) throw new Error(`${path} is missing. Run \`pnpm build\` first.`);
  }
  await docker("version").catch((error: unknown) => {
    throw new Error("These tests need a Docker Engine, and none answers. Start it, then run them again.", {
      cause: error,
    });
  });
  await ensureTestImage();
}

/** Builds the image from this host's Node with the product's own command. */
export async function ensureTestImage(): Promise<void> {
  if (await hasImage(testImage)) return;
  const home = await temporaryHome();
  const { exitCode, output } = await runCommand(
    ["images", "build-from-host", "--tag", testImage],
    homeEnvironment(home),
  );
  await home.remove();
  if (exitCode !== 0) throw new Error(`Building ${testImage} failed:\n${output}`);
}
