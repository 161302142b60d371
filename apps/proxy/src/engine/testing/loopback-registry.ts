import { createHash, randomBytes } from "node:crypto";
import { once } from "node:events";
import { createServer, type ServerResponse } from "node:http";
import { gzipSync } from "node:zlib";
import { pack } from "tar-stream";

export interface LoopbackRegistry extends AsyncDisposable {
  /** Name of the one image it has, with host and port. */
  readonly image: string;
  readonly digest: string;
}

interface Blob {
  readonly digest: string;
  readonly bytes: Buffer;
}

/** A registry on loopback with one image of one layer; https://distribution.github.io/distribution/spec/api/ as far as a pull goes. */
export async function startLoopbackRegistry(layerBytes: number): Promise<LoopbackRegistry> {
  const tar = await tarOf(randomBytes(layerBytes));
  const layer = blobOf(gzipSync(tar));
  const config = blobOf(
    Buffer.from(
      JSON.stringify({
        architecture: process.arch === "x64" ? "amd64" : process.arch,
        os: "linux",
        config: {},
        rootfs: { type: "layers", diff_ids: [blobOf(tar).digest] },
      }),
    ),
  );
  const manifest = blobOf(Buffer.from(JSON.stringify(manifestOf(config, layer))));
  const blobs = new Map([layer, config].map((blob) => [blob.digest, blob.bytes]));
  const server = createServer((request, response) => {
    const path = request.url ?? "";
    if (path === "/v2/") response.end("{}");
    else if (/\/manifests\/(?:1|sha256:\w+)$/.test(path) && path.startsWith("/v2/made-up/"))
      sendManifest(response, manifest);
    else if (path.includes("/blobs/")) sendBlob(response, blobs.get(path.split("/blobs/")[1] ?? ""));
    else sendUnknown(response);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  return {
    image: `127.0.0.1:${port}/made-up:1`,
    digest: manifest.digest,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

function manifestOf(config: Blob, layer: Blob): object {
  const type = "application/vnd.docker";
  return {
    schemaVersion: 2,
    mediaType: manifestType,
    config: { mediaType: `${type}.container.image.v1+json`, size: config.bytes.length, digest: config.digest },
    layers: [{ mediaType: `${type}.image.rootfs.diff.tar.gzip`, size: layer.bytes.length, digest: layer.digest }],
  };
}

const manifestType = "application/vnd.docker.distribution.manifest.v2+json";

function sendManifest(response: ServerResponse, manifest: Blob): void {
  response.writeHead(200, {
    "content-type": manifestType,
    "content-length": manifest.bytes.length,
    "docker-content-digest": manifest.digest,
  });
  response.end(response.req.method === "HEAD" ? undefined : manifest.bytes);
}

function sendBlob(response: ServerResponse, bytes: Buffer | undefined): void {
  if (bytes === undefined) sendUnknown(response);
  else
    response.writeHead(200, { "content-type": "application/octet-stream", "content-length": bytes.length }).end(bytes);
}

function sendUnknown(response: ServerResponse): void {
  const body = JSON.stringify({ errors: [{ code: "MANIFEST_UNKNOWN", message: "manifest unknown" }] });
  response.writeHead(404, { "content-type": "application/json" }).end(body);
}

function blobOf(bytes: Buffer): Blob {
  return { bytes, digest: `sha256:${createHash("sha256").update(bytes).digest("hex")}` };
}

async function tarOf(content: Buffer): Promise<Buffer> {
  const archive = pack();
  archive.entry({ name: "content" }, content);
  archive.finalize();
  const chunks: Buffer[] = [];
  for await (const chunk of archive) if (Buffer.isBuffer(chunk)) chunks.push(chunk);
  return Buffer.concat(chunks);
}
