import { watch } from "node:fs";
import { basename, dirname } from "node:path";

const settleMs = 150;

/**
 * Calls back when the config file was saved or touched. Watches the folder, because editors replace files.
 * Returns the function that ends the watch.
 */
export function watchConfig(path: string, onChange: () => void): () => void {
  let timer: NodeJS.Timeout | undefined;
  const watcher = watch(dirname(path), (_event, name) => {
    if (name !== null && name !== basename(path)) return;
    clearTimeout(timer);
    // Several events come with one save, the first while the file may still be empty.
    timer = setTimeout(onChange, settleMs);
  });
  return () => {
    clearTimeout(timer);
    watcher.close();
  };
}
