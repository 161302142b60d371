import { realpath } from "node:fs/promises";
import { dirname, join } from "node:path";
import { EngineError } from "../engine.ts";
import { fileEntry, findNpmFolder, findProgram, isLoadable, treeEntries } from "./host-files.ts";
import type { ImageEntry } from "./image-tar.ts";
import { findSharedLibraries } from "./shared-libraries.ts";

const programs = [
  "env",
  "cat",
  "ls",
  "mkdir",
  "rm",
  "cp",
  "mv",
  "uname",
  "sleep",
  "head",
  "tail",
  "dirname",
  "basename",
  "id",
  "true",
  "false",
  "chmod",
  "ln",
  "touch",
  "printenv",
  "kill",
  "tr",
  "wc",
  "sed",
  "grep",
  "readlink",
  "stat",
];

/** Loaded by name at run time, so that ldd does not list them. */
const nameServiceLibraries = ["libnss_dns.so.2", "libnss_files.so.2", "libresolv.so.2"];

const hostCaBundle = "/etc/ssl/certs/ca-certificates.crt";

export interface HostImageRequest {
  readonly nodePath: string;
  readonly caBundlePath?: string | undefined;
  /** Files and folders that the image gets at the same place, with the libraries they need. */
  readonly extraPaths: readonly string[];
}

/**
 * Lists what a Node image made of this host holds: node, npm and npx, sh and a few small programs, with their libraries.
 * @throws EngineError stage "image" when npm is not found as one folder
 */
export async function collectHostImage(request: HostImageRequest): Promise<ImageEntry[]> {
  const content = [
    ...baseEntries,
    ...(await nodeEntries(request.nodePath)),
    ...(await programEntries()),
    ...(await treeEntries(request.caBundlePath ?? hostCaBundle, hostCaBundle)),
    ...(await Promise.all(request.extraPaths.map((path) => treeEntries(path, path)))).flat(),
  ];
  const loadable = content.flatMap((entry) => (entry.kind === "file" && isLoadable(entry) ? [entry.source] : []));
  return withFolders([...content, ...(await libraryEntries(loadable))]);
}

async function nodeEntries(nodePath: string): Promise<ImageEntry[]> {
  const npmFolder = await findNpmFolder(nodePath);
  if (npmFolder === undefined) {
    const message = `npm was not found as one folder beside ${nodePath} or in /usr/bin. Install Node with its npm from nodejs.org or with nvm, and try again.`;
    throw new EngineError(message, { stage: "image", code: "other" });
  }
  return [
    await fileEntry(await realpath(nodePath), "/usr/local/bin/node"),
    ...(await treeEntries(npmFolder, "/usr/local/lib/node_modules/npm")),
    { kind: "link", target: "/usr/local/bin/npm", linkTo: "../lib/node_modules/npm/bin/npm-cli.js" },
    { kind: "link", target: "/usr/local/bin/npx", linkTo: "../lib/node_modules/npm/bin/npx-cli.js" },
  ];
}

/** Several names may be one program (busybox, uutils): the first is the file, the others are links to it. */
async function programEntries(): Promise<ImageEntry[]> {
  const targets = new Map<string, string>();
  const entries: ImageEntry[] = [];
  for (const name of ["sh", ...programs]) {
    const path = await findProgram(name);
    if (path === undefined) continue;
    const source = await realpath(path);
    const target = name === "sh" ? "/bin/sh" : `/usr/bin/${name}`;
    const first = targets.get(source);
    entries.push(first === undefined ? await fileEntry(source, target) : { kind: "link", target, linkTo: first });
    targets.set(source, first ?? target);
  }
  return entries;
}

async function libraryEntries(loadable: readonly string[]): Promise<ImageEntry[]> {
  const libraries = await findSharedLibraries(loadable);
  const libc = libraries.find((path) => /\/libc\.so/.test(path));
  const named = libc === undefined ? [] : nameServiceLibraries.map((name) => join(dirname(libc), name));
  return (await Promise.all([...libraries, ...named].map((path) => treeEntries(path, path)))).flat();
}

/** Every path once, each after the folders above it. */
function withFolders(entries: readonly ImageEntry[]): ImageEntry[] {
  const byTarget = new Map<string, ImageEntry>();
  for (const entry of entries) {
    for (const folder of foldersAbove(entry.target)) {
      if (!byTarget.has(folder)) byTarget.set(folder, { kind: "directory", target: folder, mode: 0o755 });
    }
    if (!byTarget.has(entry.target)) byTarget.set(entry.target, entry);
  }
  return [...byTarget.values()];
}

function foldersAbove(path: string): string[] {
  const parts = path.split("/").slice(1, -1);
  return parts.map((_, index) => `/${parts.slice(0, index + 1).join("/")}`);
}

const baseEntries: readonly ImageEntry[] = [
  { kind: "directory", target: "/tmp", mode: 0o1777 },
  { kind: "directory", target: "/root", mode: 0o700 },
  { kind: "directory", target: "/home/node", mode: 0o755, owner: 1000 },
  {
    kind: "text",
    target: "/etc/passwd",
    mode: 0o644,
    text: "root:x:0:0:root:/root:/bin/sh\nnode:x:1000:1000::/home/node:/bin/sh\nnobody:x:65534:65534:nobody:/:/bin/false\n",
  },
  { kind: "text", target: "/etc/group", mode: 0o644, text: "root:x:0:\nnode:x:1000:\nnogroup:x:65534:\n" },
  { kind: "text", target: "/etc/nsswitch.conf", mode: 0o644, text: "passwd: files\ngroup: files\nhosts: files dns\n" },
  { kind: "text", target: "/etc/hosts", mode: 0o644, text: "127.0.0.1 localhost\n::1 localhost\n" },
];
