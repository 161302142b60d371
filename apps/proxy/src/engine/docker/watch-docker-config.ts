import { unwatchFile, watchFile } from "node:fs";
import { join } from "node:path";

/** How soon a `docker context use` is seen. */
const configMs = 1_000;
/** How soon everything else is: a context that was edited, a socket that appeared. */
const everythingMs = 5_000;

/**
 * Calls back when the docker command's config.json was replaced, and now and then for what else may have changed.
 * Asks for the file's state instead of watching its folder, which may not exist yet. Returns the function that ends it.
 */
export function watchDockerConfig(dockerConfigDir: string, onChange: () => void): () => void {
  const path = join(dockerConfigDir, "config.json");
  watchFile(path, { interval: configMs, persistent: false }, onChange);
  const timer = setInterval(onChange, everythingMs).unref();
  return () => {
    unwatchFile(path, onChange);
    clearInterval(timer);
  };
}
