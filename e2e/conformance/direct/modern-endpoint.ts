import type { IncomingHttpHeaders, ServerResponse } from "node:http";
import { answerJson, openEventStream, writeEvent } from "./event-stream.ts";
import { startFixture } from "./fixture-process.ts";
import { findHeaderProblem } from "./header-rules.ts";
import { subscriptionKey, type Message } from "./message.ts";
import type { ServerEra } from "../combination.ts";

const statusOfCode: Readonly<Record<number, number>> = {
  [-32_601]: 404,
  [-32_020]: 400,
  [-32_021]: 400,
  [-32_022]: 400,
};

interface OpenRequest {
  readonly request: Message;
  readonly response: ServerResponse;
}

/** Where 2026-07-28 requests go: all to one process, told apart by ids of our own. */
export function modernEndpoint(era: ServerEra) {
  const open = new Map<string | number, OpenRequest>();
  let nextId = 1;

  const fixture = startFixture({ era, onMessage: (message) => deliver({ open, message }) });

  return {
    handle(request: Message, { headers, response }: { headers: IncomingHttpHeaders; response: ServerResponse }): void {
      const problem = findHeaderProblem(headers, request);
      if (problem) return answerJson({ response, status: 400, message: problem });
      const id = nextId++;
      open.set(id, { request, response });
      if (request.method === "subscriptions/listen") openEventStream(response);
      response.on("close", () => {
        if (open.delete(id)) fixture.send({ method: "notifications/cancelled", params: { requestId: id } });
      });
      fixture.send({ ...request, id, ...withProgressToken(request, id) });
    },
    stop: () => fixture.stop(),
  };
}

/** Progress comes back under our own id, because clients may all use the same token. */
function withProgressToken({ params }: Message, id: number): Pick<Message, "params"> {
  if (params?._meta?.progressToken === undefined) return {};
  return { params: { ...params, _meta: { ...params._meta, progressToken: id } } };
}

function deliver({ open, message }: { readonly open: Map<string | number, OpenRequest>; readonly message: Message }) {
  if (message.method === undefined) return finish({ open, message });
  const token = message.params?.["progressToken"] ?? message.params?._meta?.[subscriptionKey];
  // A log message names no request: every call that runs may be the one.
  const ids = typeof token === "number" ? [token] : [...open.keys()];
  for (const id of ids) {
    const target = open.get(id);
    if (target) writeEvent(target.response, withOriginalIds(message, target.request));
  }
}

function finish({ open, message }: { readonly open: Map<string | number, OpenRequest>; readonly message: Message }) {
  const target = open.get(message.id ?? "");
  if (target === undefined) return;
  open.delete(message.id ?? "");
  const { request, response } = target;
  const answer = withOriginalIds({ ...message, ...(request.id !== undefined && { id: request.id }) }, request);
  if (response.headersSent) {
    writeEvent(response, answer);
    response.end();
  } else {
    answerJson({ response, status: statusOfCode[message.error?.code ?? 0] ?? 200, message: answer });
  }
}

function withOriginalIds(message: Message, request: Message): Message {
  const { params, result } = message;
  return {
    ...message,
    ...(params && {
      params: { ...params, ...originalToken(params, request), ...originalSubscription(params, request) },
    }),
    ...(result && { result: { ...result, ...originalSubscription(result, request) } }),
  };
}

function originalToken(params: object, request: Message): object {
  return "progressToken" in params ? { progressToken: request.params?._meta?.progressToken } : {};
}

function originalSubscription({ _meta }: { readonly _meta?: object | undefined }, { id }: Message): object {
  return _meta && subscriptionKey in _meta ? { _meta: { ..._meta, [subscriptionKey]: id } } : {};
}
