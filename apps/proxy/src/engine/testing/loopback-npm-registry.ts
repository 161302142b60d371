import { createHash } from "node:crypto";
import { once } from "node:events";
import { createServer, type RequestListener } from "node:http";
import { gzipSync } from "node:zlib";
import { tarOf } from "./tar-of.ts";

export interface LoopbackNpmRegistry extends AsyncDisposable {
  /** "http://127.0.0.1:PORT" */
  readonly url: string;
  /** The one package it has; it prints its arguments as JSON. */
  readonly packageName: string;
  /** How often the package itself was downloaded. */
  readonly downloads: number;
}

const packageName = "mcpproxy-loopback-package";
const version = "1.0.0";
const program = `#!/usr/bin/env node
console.log(JSON.stringify(process.argv.slice(2)));
`;

/** A registry of npm packages on loopback, as far as npx goes; https://github.com/npm/registry/blob/main/docs/responses/package-metadata.md */
export async function startLoopbackNpmRegistry(): Promise<LoopbackNpmRegistry> {
  const tarball = await makePackage();
  let downloads = 0;
  const answer: RequestListener = (request, response) => {
    if (request.url === `/${packageName}`) {
      response.setHeader("content-type", "application/json");
      response.end(JSON.stringify(packument(`http://${request.headers.host}/package.tgz`, tarball)));
    } else if (request.url === "/package.tgz") {
      downloads += 1;
      response.end(tarball);
    } else response.writeHead(404, { "content-type": "application/json" }).end("{}");
  };
  const server = createServer(answer).listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  return {
    url: `http://127.0.0.1:${typeof address === "object" && address !== null ? address.port : 0}`,
    packageName,
    get downloads() {
      return downloads;
    },
    async [Symbol.asyncDispose]() {
      server.close();
      server.closeAllConnections();
      await once(server, "close");
    },
  };
}

async function makePackage(): Promise<Buffer> {
  const manifest = JSON.stringify({ name: packageName, version, bin: { [packageName]: "program.js" } });
  return gzipSync(await tarOf({ "package/package.json": manifest, "package/program.js": program }));
}

function packument(tarballUrl: string, tarball: Buffer): object {
  const integrity = `sha512-${createHash("sha512").update(tarball).digest("base64")}`;
  const manifest = {
    name: packageName,
    version,
    bin: { [packageName]: "program.js" },
    dist: { tarball: tarballUrl, integrity },
  };
  return { name: packageName, "dist-tags": { latest: version }, versions: { [version]: manifest } };
}
