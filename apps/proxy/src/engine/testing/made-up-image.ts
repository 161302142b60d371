import { createHash, randomBytes } from "node:crypto";
import { gzipSync } from "node:zlib";
import { pack } from "tar-stream";

export interface Blob {
  readonly digest: string;
  readonly bytes: Buffer;
}

/** An image of random bytes, as a registry stores it. */
export interface MadeUpImage {
  readonly manifest: Blob;
  /** Config and layers, by digest. */
  readonly blobs: ReadonlyMap<string, Blob>;
}

export const manifestType = "application/vnd.docker.distribution.manifest.v2+json";

/** Makes an image with one layer of about each of these sizes. */
export async function makeUpImage(layerBytes: readonly number[]): Promise<MadeUpImage> {
  const tars = await Promise.all(layerBytes.map((bytes, index) => tarOf(`content-${index}`, randomBytes(bytes))));
  const layers = tars.map((tar) => blobOf(gzipSync(tar)));
  const config = jsonBlob({
    architecture: process.arch === "x64" ? "amd64" : process.arch,
    os: "linux",
    config: {},
    rootfs: { type: "layers", diff_ids: tars.map((tar) => blobOf(tar).digest) },
  });
  return {
    manifest: jsonBlob(manifestOf(config, layers)),
    blobs: new Map([config, ...layers].map((blob) => [blob.digest, blob])),
  };
}

function manifestOf(config: Blob, layers: readonly Blob[]): object {
  const type = "application/vnd.docker";
  return {
    schemaVersion: 2,
    mediaType: manifestType,
    config: { mediaType: `${type}.container.image.v1+json`, size: config.bytes.length, digest: config.digest },
    layers: layers.map((layer) => ({
      mediaType: `${type}.image.rootfs.diff.tar.gzip`,
      size: layer.bytes.length,
      digest: layer.digest,
    })),
  };
}

function jsonBlob(value: object): Blob {
  return blobOf(Buffer.from(JSON.stringify(value)));
}

function blobOf(bytes: Buffer): Blob {
  return { bytes, digest: `sha256:${createHash("sha256").update(bytes).digest("hex")}` };
}

async function tarOf(name: string, content: Buffer): Promise<Buffer> {
  const archive = pack();
  archive.entry({ name }, content);
  archive.finalize();
  const chunks: Buffer[] = [];
  for await (const chunk of archive) if (Buffer.isBuffer(chunk)) chunks.push(chunk);
  return Buffer.concat(chunks);
}
