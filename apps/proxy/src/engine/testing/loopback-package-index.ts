import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:http";

export interface LoopbackPackageIndex extends AsyncDisposable {
  /** For PIP_INDEX_URL. */
  readonly url: string;
  /** How many requests of any kind came. */
  readonly requests: number;
}

const wheelName = "uv-0.1.0-py3-none-any.whl";
/** Reads {name: content} and writes a zip of executable files: a wheel is one. */
const zipper = `import json, sys, zipfile
with zipfile.ZipFile(sys.stdout.buffer, "w") as wheel:
    for name, content in json.load(sys.stdin).items():
        entry = zipfile.ZipInfo(name)
        entry.external_attr = 0o100755 << 16
        wheel.writestr(entry, content)`;
/** Stands in for uvx: tells what it was called with. "#!python" is what pip puts the interpreter's path for. */
const program = `#!python
import json, sys
print(json.dumps(sys.argv[1:]))
`;
const record = "uv-0.1.0.dist-info";
const files = {
  "uv-0.1.0.data/scripts/uv": program,
  "uv-0.1.0.data/scripts/uvx": program,
  [`${record}/METADATA`]: "Metadata-Version: 2.1\nName: uv\nVersion: 0.1.0\n",
  [`${record}/WHEEL`]: "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
  [`${record}/RECORD`]: "",
};

/** A package index on loopback that has only a stand-in for uv; https://peps.python.org/pep-0503/ */
export async function startLoopbackPackageIndex(hostPython: string): Promise<LoopbackPackageIndex> {
  const wheel = execFileSync(hostPython, ["-c", zipper], { input: JSON.stringify(files) });
  const link = `/files/${wheelName}#sha256=${createHash("sha256").update(wheel).digest("hex")}`;
  let requests = 0;
  const server = createServer((request, response) => {
    requests += 1;
    if (request.url === `/files/${wheelName}`) response.end(wheel);
    else if (request.url === "/simple/uv/") {
      response.setHeader("content-type", "text/html").end(`<!DOCTYPE html><a href="${link}">${wheelName}</a>`);
    } else response.writeHead(404).end();
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  return {
    url: `http://127.0.0.1:${typeof address === "object" && address !== null ? address.port : 0}/simple/`,
    get requests() {
      return requests;
    },
    async [Symbol.asyncDispose]() {
      server.close();
      server.closeAllConnections();
      await once(server, "close");
    },
  };
}
