const heartbeatMs = 15_000;

/** Pieces of text as the body of a response; the next piece is asked for when the client has taken this one. */
export function textStream(pieces: AsyncGenerator<string>): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const { done, value } = await pieces.next();
        if (done === true) controller.close();
        else controller.enqueue(encoder.encode(value));
      },
      async cancel() {
        await pieces.return(undefined);
      },
    },
    { highWaterMark: 0 },
  );
}

export interface ServerSentEvent {
  readonly id?: string;
  readonly event?: string;
  readonly data: string;
}

/** https://html.spec.whatwg.org/multipage/server-sent-events.html; with a comment when nothing comes for 15 s. */
export async function* eventStream(events: AsyncGenerator<ServerSentEvent>): AsyncGenerator<string, void, undefined> {
  // Proxies on the way pass the head of a response on with the first byte of its body.
  yield ": hello\n\n";
  let next = events.next();
  try {
    for (;;) {
      const outcome = await withinHeartbeat(next);
      if (outcome === "quiet") yield ": still here\n\n";
      else if (outcome.done === true) return;
      else {
        yield formatEvent(outcome.value);
        next = events.next();
      }
    }
  } finally {
    // Not awaited: it may wait for an event that never comes.
    void events.return(undefined);
  }
}

async function withinHeartbeat<Result>(next: Promise<Result>): Promise<Result | "quiet"> {
  const pause = Promise.withResolvers<"quiet">();
  const timer = setTimeout(() => pause.resolve("quiet"), heartbeatMs);
  try {
    return await Promise.race([next, pause.promise]);
  } finally {
    clearTimeout(timer);
  }
}

function formatEvent({ id, event, data }: ServerSentEvent): string {
  const lines = [
    ...(id === undefined ? [] : [`id: ${id}`]),
    ...(event === undefined ? [] : [`event: ${event}`]),
    ...data.split("\n").map((line) => `data: ${line}`),
  ];
  return `${lines.join("\n")}\n\n`;
}
