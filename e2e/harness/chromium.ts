import { existsSync } from "node:fs";

const candidates = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

/** The installed browser; undefined lets Playwright look for its own. */
export const chromiumPath = candidates.find((path) => existsSync(path));

/** Root in a container has no user namespaces for the sandbox; the rest keeps the browser from calling home. */
export const chromiumFlags = [
  "--no-sandbox",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--disable-quic",
  "--no-first-run",
];
