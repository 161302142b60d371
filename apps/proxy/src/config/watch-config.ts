import { watch } from "node:fs";
import { basename, dirname } from "node:path";

const settleMs = 150;

export interface ConfigWatch {
  /** The file was saved or touched. */
  onChange(): void;
  /** The watch could not begin (systems bound the number of watches), or broke. */
  onError(error: unknown): void;
}

/**
 * Watches the folder of the config file, because editors replace files. Never throws.
 * Returns the function that ends the watch.
 */
export function watchConfig(path: string, { onChange, onError }: ConfigWatch): () => void {
  let timer: NodeJS.Timeout | undefined;
  const handleEvent = (_event: string, name: string | null): void => {
    if (name !== null && name !== basename(path)) return;
    clearTimeout(timer);
    // Several events come with one save, the first while the file may still be empty.
    timer = setTimeout(onChange, settleMs);
  };
  try {
    const watcher = watch(dirname(path), handleEvent).on("error", onError);
    return () => {
      clearTimeout(timer);
      watcher.close();
    };
  } catch (error) {
    onError(error);
    return () => undefined;
  }
}
