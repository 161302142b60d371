import { chmodSync, mkdirSync } from "node:fs";
import { open, rename, type FileHandle } from "node:fs/promises";
import { join } from "node:path";

const rotatedFilesKept = 4;

export interface RotatingFileOptions {
  readonly directory: string;
  readonly fileName: string;
  readonly rotateAtBytes: number;
}

interface OpenFile {
  readonly handle: FileHandle;
  sizeBytes: number;
}

/** A file that grows by whole texts, and at a size becomes `….1`, then `….2` and so on; five files in all. */
export class RotatingFile {
  readonly #options: RotatingFileOptions;
  #file: OpenFile | undefined;

  constructor(options: RotatingFileOptions) {
    this.#options = options;
  }

  /** All of the text or nothing of it. Rejects when the disk does not take it; the next call opens the file anew. */
  async append(text: string): Promise<void> {
    if (this.#file !== undefined && this.#file.sizeBytes >= this.#options.rotateAtBytes) await this.#rotate();
    const file = (this.#file ??= await this.#openSmall());
    try {
      file.sizeBytes += await writeAll(file, Buffer.from(text));
    } catch (error) {
      this.#file = undefined;
      await takeBack(file);
      throw error;
    }
  }

  async close(): Promise<void> {
    const file = this.#file;
    this.#file = undefined;
    await file?.handle.close();
  }

  /** The file of the run before may be large already. */
  async #openSmall(): Promise<OpenFile> {
    const file = await this.#open();
    if (file.sizeBytes < this.#options.rotateAtBytes) return file;
    this.#file = file;
    await this.#rotate();
    return await this.#open();
  }

  async #open(): Promise<OpenFile> {
    makePrivateDirectory(this.#options.directory);
    const handle = await open(this.#path(0), "a", 0o600);
    return { handle, sizeBytes: (await handle.stat()).size };
  }

  async #rotate(): Promise<void> {
    await this.close();
    for (let number = rotatedFilesKept; number > 0; number -= 1)
      await renameIfThere(this.#path(number - 1), this.#path(number));
  }

  #path(number: number): string {
    const { directory, fileName } = this.#options;
    return join(directory, number === 0 ? fileName : `${fileName}.${number}`);
  }
}

/** The system may take only a part, as it does with the last free bytes of a disk; the next try then says why. */
async function writeAll({ handle }: OpenFile, bytes: Buffer): Promise<number> {
  for (let written = 0; written < bytes.length;) {
    const { bytesWritten } = await handle.write(bytes, written);
    if (bytesWritten === 0) throw new Error("the disk takes nothing");
    written += bytesWritten;
  }
  return bytes.length;
}

/** So that no line is there in part, or twice after the next try. */
async function takeBack({ handle, sizeBytes }: OpenFile): Promise<void> {
  try {
    await handle.truncate(sizeBytes);
  } catch {
    // A disk that does not even shorten a file; why it takes nothing is told already.
  }
  try {
    await handle.close();
  } catch {
    // The same.
  }
}

async function renameIfThere(from: string, to: string): Promise<void> {
  try {
    await rename(from, to);
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "ENOENT")) throw error;
  }
}

// Only a directory that we made: an existing one may be shared on purpose.
function makePrivateDirectory(directory: string): void {
  const firstMade = mkdirSync(directory, { recursive: true, mode: 0o700 });
  if (firstMade !== undefined) chmodSync(directory, 0o700);
}
