/** Yields the non-empty lines of a byte stream; used for the engine's streams of JSON lines. */
export async function* readLines(stream: AsyncIterable<Buffer | string>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let rest = "";
  for await (const chunk of stream) {
    rest += typeof chunk === "string" ? chunk : decoder.decode(chunk, { stream: true });
    const lines = rest.split("\n");
    rest = lines.pop() ?? "";
    yield* lines.map((line) => line.trim()).filter((line) => line !== "");
  }
  if (rest.trim() !== "") yield rest.trim();
}
