import { refusalOf, type LineClient } from "./line-client.ts";
import { idOf, RawSession } from "./raw-session.ts";

/** A session over HTTP in the clothes of a program: its lines are the messages of streams and answers. */
export async function openHttpLine(url: string): Promise<LineClient> {
  const lines: string[] = [];
  let session: RawSession | undefined;
  const opened = (): RawSession => {
    if (session === undefined) throw new Error("initialize first");
    return session;
  };
  const take = (text: string): void => {
    lines.push(text);
    const { id, method } = JSON.parse(text);
    if (method !== undefined && id !== undefined) opened().post(refusalOf(text));
  };
  return {
    lines,
    write: (text) => void opened().post(text),
    async send(text) {
      const { messages } = await opened().post(text, take).answer;
      const answer = messages.findLast((message) => idOf(message) === idOf(text));
      if (answer === undefined) throw new Error(`no answer to ${text}: ${messages.join("\n")}`);
      return answer;
    },
    async initialize(capabilities = {}) {
      session = await RawSession.open(url, { capabilities });
      const stream = session.listen(take);
      await stream.opened;
      return "";
    },
    async close() {
      await opened().end();
      return 0;
    },
  };
}
