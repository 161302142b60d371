import type { ServerSentEvent } from "../http/text-stream.ts";
import type { NumberedChange } from "../services/change-history.ts";

/** Changes for `/events`: the kind is the event's name, the rest its data. */
export async function* changeEvents(changes: AsyncGenerator<NumberedChange>): AsyncGenerator<ServerSentEvent> {
  for await (const { id, change } of changes) yield { id, event: change.kind, data: JSON.stringify(change) };
}
