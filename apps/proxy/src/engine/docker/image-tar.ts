import { createReadStream } from "node:fs";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { pack, type Pack } from "tar-stream";

/** One path of an image. */
export type ImageEntry =
  | { readonly kind: "directory"; readonly target: string; readonly mode: number; readonly owner?: number }
  | {
      readonly kind: "file";
      readonly target: string;
      readonly mode: number;
      readonly source: string;
      readonly sizeBytes: number;
    }
  | { readonly kind: "text"; readonly target: string; readonly mode: number; readonly text: string }
  | { readonly kind: "link"; readonly target: string; readonly linkTo: string };

export interface TarProgress {
  readonly filesDone: number;
  readonly filesTotal: number;
}

/** Streams the entries as a tar archive; a file that cannot be read fails the stream. */
export function createImageTar(entries: readonly ImageEntry[], onProgress: (progress: TarProgress) => void): Readable {
  const archive = pack();
  const write = async (): Promise<void> => {
    for (const [index, entry] of entries.entries()) {
      await writeEntry(archive, entry);
      onProgress({ filesDone: index + 1, filesTotal: entries.length });
    }
    archive.finalize();
  };
  write().catch((error: unknown) => archive.destroy(error instanceof Error ? error : new Error(String(error))));
  // tar-stream's own stream is not one of Node's, which is what the engine client pipes.
  return Readable.from(archive, { objectMode: false });
}

async function writeEntry(archive: Pack, entry: ImageEntry): Promise<void> {
  const name = entry.target.replace(/^\//, "");
  switch (entry.kind) {
    case "directory":
      archive.entry({ name, type: "directory", mode: entry.mode, uid: entry.owner ?? 0, gid: entry.owner ?? 0 });
      return;
    case "link":
      archive.entry({ name, type: "symlink", linkname: entry.linkTo });
      return;
    case "text":
      archive.entry({ name, mode: entry.mode }, entry.text);
      return;
    case "file":
      await pipeline(createReadStream(entry.source), archive.entry({ name, mode: entry.mode, size: entry.sizeBytes }));
      return;
    default:
      return entry satisfies never;
  }
}
