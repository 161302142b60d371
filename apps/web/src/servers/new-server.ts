export interface TypedServer {
  readonly name: string;
  readonly command: string;
  /** One a line. */
  readonly args: string;
  /** NAME=value, one a line. */
  readonly env: string;
}

export type JsonEntry = Record<string, JsonMember>;
export type JsonMember = string | number | boolean | null | JsonMember[] | { [name: string]: JsonMember };

export type NewServer =
  | { readonly ok: true; readonly name: string; readonly entry: JsonEntry }
  | { readonly ok: false; readonly problem: string };

/** A server from the fields of a form. */
export function serverOfForm({ name, command, args, env }: TypedServer): NewServer {
  if (name.trim() === "") return { ok: false, problem: "The server needs a name." };
  const words = command
    .trim()
    .split(/\s+/)
    .filter((word) => word !== "");
  const [program, ...moreArgs] = words;
  if (program === undefined) return { ok: false, problem: "The command is missing, for example npx." };
  const variables: Record<string, string> = {};
  for (const line of linesOf(env)) {
    const at = line.indexOf("=");
    if (at < 1) return { ok: false, problem: `A line of the environment is not NAME=value.` };
    variables[line.slice(0, at).trim()] = line.slice(at + 1);
  }
  const allArgs = [...moreArgs, ...linesOf(args)];
  const entry: JsonEntry = {
    command: program,
    ...(allArgs.length > 0 && { args: allArgs }),
    ...(Object.keys(variables).length > 0 && { env: variables }),
  };
  return { ok: true, name: name.trim(), entry };
}

/** A server from JSON as documents of servers have it: a whole file, a named entry, or an entry without its name. */
export function serverOfJson(text: string, typedName: string): NewServer {
  const value = objectIn(text);
  if (value === undefined) return { ok: false, problem: "This is no JSON object." };
  const servers = asObject(value["mcpServers"]) ?? asObject(value["servers"]) ?? value;
  if (typeof servers["command"] === "string") {
    const { name, ...entry } = servers;
    return named(typedName.trim() || (typeof name === "string" ? name : ""), entry);
  }
  const entries = Object.entries(servers).flatMap(([name, entry]) => {
    const object = asObject(entry);
    return object === undefined ? [] : [{ name, object }];
  });
  const [first] = entries;
  if (first === undefined) return { ok: false, problem: "There is no server in it: an entry has a command." };
  if (entries.length > 1)
    return { ok: false, problem: `One at a time, please; these are ${entries.map(({ name }) => name).join(", ")}.` };
  return named(typedName.trim() || first.name, first.object);
}

function named(name: string, entry: JsonEntry): NewServer {
  return name === "" ? { ok: false, problem: "The server needs a name." } : { ok: true, name, entry };
}

function linesOf(text: string): readonly string[] {
  return text.split(/\r?\n/).filter((line) => line.trim() !== "");
}

function objectIn(text: string): JsonEntry | undefined {
  try {
    const value: JsonMember = JSON.parse(text);
    return asObject(value);
  } catch {
    return undefined;
  }
}

function asObject(value: JsonMember | undefined): JsonEntry | undefined {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? value : undefined;
}
