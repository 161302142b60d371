import { connect, type Socket } from "node:net";
import { once } from "node:events";

/**
 * One kept-alive HTTP connection that costs about as little as a pipe: what the benchmark times is then the proxy and not
 * the client. It knows what the measured proxies answer, a length or chunks, one answer after the other.
 */
export interface RawHttpConnection {
  /** Resolves with the answer's body, chunk sizes included where it is chunked. */
  post(body: string): Promise<string>;
  close(): void;
}

export async function openRawHttpConnection(
  url: string,
  headers: Readonly<Record<string, string>>,
): Promise<RawHttpConnection> {
  const { hostname, port, host, pathname } = new URL(url);
  const socket = connect({ host: hostname, port: Number(port), noDelay: true });
  await once(socket, "connect");
  const fields = Object.entries({ host, ...headers }).map(([name, value]) => `${name}: ${value}\r\n`);
  const head = `POST ${pathname} HTTP/1.1\r\n${fields.join("")}content-length: `;
  const readAnswer = answersOf(socket);
  return {
    post(body) {
      const answer = readAnswer();
      socket.write(`${head}${Buffer.byteLength(body)}\r\n\r\n${body}`);
      return answer;
    },
    close: () => socket.destroy(),
  };
}

function answersOf(socket: Socket): () => Promise<string> {
  let text = "";
  let waiting: PromiseWithResolvers<string> | undefined;
  // One byte is one character: the lengths of HTTP count bytes, and the benchmark's messages are ASCII.
  socket.setEncoding("latin1");
  socket.on("data", (chunk: string) => {
    text += chunk;
    const body = wholeBody(text);
    if (body === undefined) return;
    text = "";
    waiting?.resolve(body);
  });
  socket.on("error", (error) => waiting?.reject(error));
  socket.on("close", () => waiting?.reject(new Error("The connection was closed.")));
  return () => {
    waiting = Promise.withResolvers();
    return waiting.promise;
  };
}

function wholeBody(text: string): string | undefined {
  const headEnd = text.indexOf("\r\n\r\n");
  if (headEnd === -1) return undefined;
  const length = /^content-length: *(\d+)/im.exec(text.slice(0, headEnd))?.[1];
  const body = text.slice(headEnd + 4);
  if (length !== undefined) return body.length >= Number(length) ? body : undefined;
  return body.endsWith("0\r\n\r\n") ? body : undefined;
}
