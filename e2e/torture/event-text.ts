/** The `data` of the events in a Server-Sent Events stream, and what is left of an event that is not whole yet. */
export function takeEvents(text: string): { readonly messages: readonly string[]; readonly rest: string } {
  const events = text.split("\n\n");
  const rest = events.pop() ?? "";
  const messages = events.flatMap((event) => {
    const data = event
      .split("\n")
      .flatMap((line) => (line.startsWith("data:") ? [line.slice(5).replace(/^ /, "")] : []))
      .join("\n");
    // An event without data only carries an id to resume from.
    return data === "" ? [] : [data];
  });
  return { messages, rest };
}
