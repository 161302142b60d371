import { defineConfig } from "@playwright/test";

// oxlint-disable-next-line import/no-default-export -- Playwright reads the default export.
export default defineConfig({
  testDir: ".",
  outputDir: "../test-results/torture-artifacts",
  workers: 1,
  retries: 0,
  timeout: 120_000,
  reporter: [["list"], ["json", { outputFile: "../test-results/torture.json" }]],
});
