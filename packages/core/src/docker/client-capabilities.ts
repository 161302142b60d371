const all = "ALL";

/** Capabilities as Docker's own client sends them: full names, sorted, each once, and nothing beside ALL. */
export function clientCapabilities(capabilities: readonly string[]): string[] {
  const names = [...new Set(capabilities.map(fullName))].toSorted();
  return names.includes(all) ? [all] : names;
}

function fullName(capability: string): string {
  const name = capability.toUpperCase();
  return name === all || name.startsWith("CAP_") ? name : `CAP_${name}`;
}
