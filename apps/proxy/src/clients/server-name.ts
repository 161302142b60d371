const maximumLength = 64;

/** A client's name for a server as MCPProxy takes it: letters, digits, dots, dashes and underscores. */
export function toServerName(name: string): string {
  const clean = name
    .normalize("NFKD")
    .replaceAll(/\p{M}/gu, "")
    .replaceAll(/[^A-Za-z0-9._-]+/g, "-")
    .replace(/^[^A-Za-z0-9]+/, "")
    .slice(0, maximumLength)
    .replace(/-+$/, "");
  return clean === "" ? "server" : clean;
}

/** The name itself, then name-2, name-3 and so on. */
export function* nameCandidates(name: string): Generator<string, never> {
  yield name;
  for (let number = 2; ; number += 1) {
    const suffix = `-${number}`;
    yield `${name.slice(0, maximumLength - suffix.length)}${suffix}`;
  }
}
