import { realpathSync, watch } from "node:fs";
import { basename, dirname } from "node:path";

const settleMs = 150;

export interface ConfigWatch {
  /** The file was saved or touched. */
  onChange(): void;
  /** The watch could not begin (systems bound the number of watches), or broke. */
  onError(error: unknown): void;
}

/**
 * Watches the folder of the config file, because editors replace files; behind a symbolic link also the folder of the
 * file itself, where a save through the link lands. Never throws.
 * Returns the function that ends the watch.
 */
export function watchConfig(path: string, { onChange, onError }: ConfigWatch): () => void {
  let timer: NodeJS.Timeout | undefined;
  let target = path;
  let endTarget = nothing;
  const handleEvent = (): void => {
    clearTimeout(timer);
    // Several events come with one save, the first while the file may still be empty.
    timer = setTimeout(() => {
      followLink();
      onChange();
    }, settleMs);
  };
  const followLink = (): void => {
    const targetNow = targetOf(path);
    if (targetNow === target) return;
    endTarget();
    target = targetNow;
    endTarget = target === path ? nothing : watchFile(target, { onChange: handleEvent, onError });
  };
  const endLink = watchFile(path, { onChange: handleEvent, onError });
  followLink();
  return () => {
    clearTimeout(timer);
    endLink();
    endTarget();
  };
}

function watchFile(path: string, { onChange, onError }: ConfigWatch): () => void {
  try {
    const watcher = watch(dirname(path), (_event, name) => {
      if (name === null || name === basename(path)) onChange();
    }).on("error", onError);
    return () => watcher.close();
  } catch (error) {
    onError(error);
    return nothing;
  }
}

/** With every link followed; the path itself while nothing is there. */
function targetOf(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}

const nothing = (): void => undefined;
