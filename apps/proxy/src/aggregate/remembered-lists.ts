import type { ServerListsRepository } from "../store/store.ts";
import { serverListsSchema, type ServerLists } from "./server-lists.ts";

const storedLengthMax = 4 * 1024 * 1024;

export interface RememberedListsOptions {
  readonly repository: ServerListsRepository;
  readonly redact: (text: string) => string;
  onError(error: unknown, what: string): void;
}

/** What servers offered when they were last asked, in the history. Writing happens in the background, in order. */
export class RememberedLists {
  private readonly options: RememberedListsOptions;

  constructor(options: RememberedListsOptions) {
    this.options = options;
  }

  /** What cannot be read any more is left out: the server will tell again. */
  async all(): Promise<readonly (readonly [string, ServerLists])[]> {
    const rows = await this.options.repository.all();
    return rows.flatMap(({ server, listsJson }) => {
      const lists = serverListsSchema.safeParse(parsed(listsJson));
      return lists.success ? [[server, lists.data] as const] : [];
    });
  }

  put(server: string, lists: ServerLists): void {
    const { repository, redact, onError } = this.options;
    const listsJson = redact(JSON.stringify(lists));
    // A value between quotes that was taken out leaves JSON; anything else is not worth keeping.
    if (listsJson.length > storedLengthMax || parsed(listsJson) === undefined) return;
    const write = repository.put({ server, at: new Date().toISOString(), listsJson });
    void write.catch((error: unknown) => onError(error, `could not store the lists of ${server}`));
  }

  remove(server: string): void {
    const { repository, onError } = this.options;
    void repository.remove(server).catch((error: unknown) => onError(error, `could not forget the lists of ${server}`));
  }
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}
