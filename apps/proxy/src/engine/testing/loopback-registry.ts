import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { makeUpImage, manifestType, type Blob, type MadeUpImage } from "./made-up-image.ts";
import { admit, type RegistryLogin } from "./registry-login.ts";

/** What goes wrong with the layers: the socket is cut, nothing more comes, it comes slowly, or other bytes come. */
export type BlobFault =
  | { readonly kind: "cut"; readonly afterBytes: number }
  | { readonly kind: "silent"; readonly afterBytes: number }
  | { readonly kind: "slow"; readonly bytesPerSecond: number }
  | { readonly kind: "damaged" };

export interface LoopbackRegistryOptions {
  /** About the size of each layer. */
  readonly layerBytes: readonly number[];
  readonly login?: RegistryLogin;
  readonly fault?: BlobFault;
}

export interface LoopbackRegistry extends AsyncDisposable {
  /** Name of the one image it has, with host and port. */
  readonly image: string;
  readonly digest: string;
  /** How often a manifest was asked for; a pull asks at least once. */
  readonly manifestRequests: number;
  setFault(fault: BlobFault | undefined): void;
  /** Answers nobody any more and frees the port; the registry is gone. */
  close(): Promise<void>;
}

/** A registry on loopback with one image; https://distribution.github.io/distribution/spec/api/ as far as a pull goes. */
export async function startLoopbackRegistry(options: LoopbackRegistryOptions): Promise<LoopbackRegistry> {
  const image = await makeUpImage(options.layerBytes);
  let fault = options.fault;
  let manifestRequests = 0;
  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    if (await admit(options.login, request, response)) answer({ image, fault, request, response });
  };
  const server = createServer((request, response) => {
    // The engine hangs up on purpose when a pull is stopped.
    response.on("error", () => undefined);
    if (request.url?.includes("/manifests/")) manifestRequests += 1;
    void serve(request, response);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  const close = async (): Promise<void> => {
    if (!server.listening) return;
    server.close();
    server.closeAllConnections();
    await once(server, "close");
  };
  return {
    image: `127.0.0.1:${port}/made-up:1`,
    digest: image.manifest.digest,
    get manifestRequests() {
      return manifestRequests;
    },
    setFault: (next) => void (fault = next),
    close,
    [Symbol.asyncDispose]: close,
  };
}

interface Exchange {
  readonly image: MadeUpImage;
  readonly fault: BlobFault | undefined;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
}

function answer({ image, fault, request, response }: Exchange): void {
  const path = request.url ?? "";
  const blob = image.blobs.get(path.split("/blobs/")[1] ?? "");
  if (path === "/v2/") response.end("{}");
  else if (/^\/v2\/made-up\/manifests\/(?:1|sha256:\w+)$/.test(path)) sendManifest(response, image.manifest);
  else if (blob === undefined) sendUnknown(response);
  else sendBlob({ response, blob, fault: isConfig(image, blob) ? undefined : fault });
}

/** Faults are for layers: without its config a pull does not even begin to download. */
function isConfig(image: MadeUpImage, blob: Blob): boolean {
  return image.blobs.keys().next().value === blob.digest;
}

function sendManifest(response: ServerResponse, manifest: Blob): void {
  response.writeHead(200, {
    "content-type": manifestType,
    "content-length": manifest.bytes.length,
    "docker-content-digest": manifest.digest,
  });
  response.end(response.req.method === "HEAD" ? undefined : manifest.bytes);
}

function sendBlob(request: { response: ServerResponse; blob: Blob; fault: BlobFault | undefined }): void {
  const { response, blob, fault } = request;
  // The engine goes on where a cut connection left it.
  const from = Number(/^bytes=(\d+)-/.exec(response.req.headers.range ?? "")?.[1] ?? 0);
  const bytes = blob.bytes.subarray(from);
  response.writeHead(from === 0 ? 200 : 206, {
    "content-type": "application/octet-stream",
    "content-length": bytes.length,
    ...(from === 0 ? {} : { "content-range": `bytes ${from}-${blob.bytes.length - 1}/${blob.bytes.length}` }),
  });
  switch (fault?.kind) {
    case undefined:
      response.end(bytes);
      return;
    case "cut":
      response.write(bytes.subarray(0, fault.afterBytes), () => response.destroy());
      return;
    case "silent":
      response.write(bytes.subarray(0, fault.afterBytes));
      return;
    case "slow":
      sendSlowly(response, bytes, fault.bytesPerSecond);
      return;
    case "damaged":
      response.end(Buffer.alloc(bytes.length, 7));
      return;
    default:
      fault satisfies never;
  }
}

const partsPerSecond = 10;

function sendSlowly(response: ServerResponse, bytes: Buffer, bytesPerSecond: number): void {
  const partBytes = Math.ceil(bytesPerSecond / partsPerSecond);
  let sentBytes = 0;
  const timer = setInterval(() => {
    response.write(bytes.subarray(sentBytes, sentBytes + partBytes));
    sentBytes += partBytes;
    if (sentBytes >= bytes.length) response.end();
  }, 1_000 / partsPerSecond);
  response.on("close", () => clearInterval(timer));
}

function sendUnknown(response: ServerResponse): void {
  const body = JSON.stringify({ errors: [{ code: "MANIFEST_UNKNOWN", message: "manifest unknown" }] });
  response.writeHead(404, { "content-type": "application/json" }).end(body);
}
