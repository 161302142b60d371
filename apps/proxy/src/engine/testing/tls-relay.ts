import { execFile } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createServer } from "node:tls";
import { promisify } from "node:util";
import type { TlsFiles } from "./docker-config-fixture.ts";

const run = promisify(execFile);

export interface TlsRelay extends AsyncDisposable {
  /** tcp://127.0.0.1:PORT */
  readonly host: string;
  /** What a client needs to be let in. */
  readonly client: TlsFiles;
}

/** An engine's socket behind TLS that asks for a client's certificate, as `dockerd --tlsverify` does. */
export async function startTlsRelay(socketPath: string): Promise<TlsRelay> {
  const folder = await mkdtemp(join(tmpdir(), "mcpproxy-tls-"));
  const ca = await makeAuthority(folder);
  const [own, client] = [await makeCertificate(folder, "server"), await makeCertificate(folder, "client")];
  // Half open: the end of a container's input must not be the end of its output.
  const options = { ca, ...own, requestCert: true, rejectUnauthorized: true, allowHalfOpen: true };
  const server = createServer(options, (incoming) => {
    const outgoing = connect({ path: socketPath, allowHalfOpen: true });
    incoming.pipe(outgoing).pipe(incoming);
    incoming.on("error", () => outgoing.destroy());
    outgoing.on("error", () => incoming.destroy());
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  return {
    host: `tcp://127.0.0.1:${typeof address === "object" && address !== null ? address.port : 0}`,
    client: { ca, ...client },
    async [Symbol.asyncDispose]() {
      server.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function makeAuthority(folder: string): Promise<string> {
  const subject = ["-subj", "/CN=mcpproxy test authority"];
  await openssl(folder, [
    "req",
    "-x509",
    "-days",
    "2",
    "-keyout",
    "ca-key.pem",
    "-out",
    "ca.pem",
    ...newKey,
    ...subject,
  ]);
  return await readFile(join(folder, "ca.pem"), "utf8");
}

async function makeCertificate(folder: string, name: string): Promise<{ cert: string; key: string }> {
  const names = ["-subj", `/CN=${name}`, "-addext", "subjectAltName=IP:127.0.0.1"];
  await openssl(folder, ["req", "-keyout", `${name}-key.pem`, "-out", `${name}.csr`, ...newKey, ...names]);
  const signed = ["-CA", "ca.pem", "-CAkey", "ca-key.pem", "-CAcreateserial", "-copy_extensions", "copy"];
  await openssl(folder, ["x509", "-req", "-days", "2", "-in", `${name}.csr`, "-out", `${name}.pem`, ...signed]);
  const read = (file: string): Promise<string> => readFile(join(folder, file), "utf8");
  return { cert: await read(`${name}.pem`), key: await read(`${name}-key.pem`) };
}

const newKey = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];

async function openssl(folder: string, args: readonly string[]): Promise<void> {
  await run("openssl", args, { cwd: folder });
}
