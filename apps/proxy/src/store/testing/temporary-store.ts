import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openStore } from "../open-store.ts";
import type { Store } from "../store.ts";

export interface TemporaryStore extends AsyncDisposable {
  readonly store: Store;
  readonly directory: string;
  readonly databasePath: string;
}

/** A store on a real file in a new directory, for tests: `await using`. */
export async function openTemporaryStore(): Promise<TemporaryStore> {
  const directory = await mkdtemp(join(tmpdir(), "mcpproxy-store-"));
  const databasePath = join(directory, "data", "mcpproxy.db");
  const store = await openStore({ databasePath, onNotice: failOnNotice });
  return {
    store,
    directory,
    databasePath,
    [Symbol.asyncDispose]: async () => {
      await store.close();
      await rm(directory, { recursive: true });
    },
  };
}

function failOnNotice(message: string): void {
  throw new Error(`unexpected notice: ${message}`);
}
