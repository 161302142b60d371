import { defineConfig } from "@playwright/test";
import { chromiumFlags, chromiumPath } from "./harness/chromium.ts";

// oxlint-disable-next-line import/no-default-export -- Playwright reads the default export.
export default defineConfig({
  testDir: "specs",
  globalSetup: "./harness/global-setup.ts",
  outputDir: "test-results/artifacts",
  workers: 1,
  // What passes only the second time is named as flaky at the end of the output: to be looked into, not to be lived with.
  retries: 1,
  timeout: 90_000,
  reporter: [["list"], ["json", { outputFile: "test-results/results.json" }]],
  use: { trace: "retain-on-failure" },
  projects: [
    {
      name: "chromium",
      use: {
        browserName: "chromium",
        launchOptions: { args: chromiumFlags, ...(chromiumPath !== undefined && { executablePath: chromiumPath }) },
      },
    },
  ],
});
