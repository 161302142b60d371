/** What variables of the client's files stand for on this machine. */
export interface ReferenceScope {
  readonly homeDirectory: string;
  /** The project's folder; null in a file for all projects. */
  readonly projectFolder: string | null;
  /** Claude Code and some others write ${NAME} for an environment variable. */
  readonly hasBareNames: boolean;
  /** The variable that takes the place of an input; the input's id in capitals where none is named. */
  readonly inputVariable?: string;
}

export interface Translation {
  readonly text: string;
  /** Ids of values that the client asks the user for. */
  readonly inputs: readonly string[];
  /** Environment variables the text takes values from. */
  readonly variables: readonly string[];
  /** Environment variables whose default value is not taken over. */
  readonly defaults: readonly string[];
  /** References that only the client can resolve. */
  readonly unknown: readonly string[];
}

interface Reference {
  readonly text: string;
  readonly input?: string;
  readonly variable?: string;
  readonly default?: string;
  readonly unknown?: string;
}

const pattern = /\$\{([^${}]+)\}/g;

/** Turns the references of a client's file into those of MCPProxy: ${env:NAME}; paths are filled in. */
export function translateReferences(text: string, scope: ReferenceScope): Translation {
  const found: Reference[] = [];
  const translated = text.replaceAll(pattern, (whole, inside: string) => {
    const reference = translateOne({ whole, inside, scope });
    found.push(reference);
    return reference.text;
  });
  return {
    text: translated,
    inputs: found.flatMap(({ input }) => input ?? []),
    variables: found.flatMap(({ variable }) => variable ?? []),
    defaults: found.flatMap((reference) => reference.default ?? []),
    unknown: found.flatMap(({ unknown }) => unknown ?? []),
  };
}

function translateOne({ whole, inside, scope }: { whole: string; inside: string; scope: ReferenceScope }): Reference {
  const { kind = "", rest = "" } = /^(?<kind>\w+):(?<rest>.+)$/.exec(inside)?.groups ?? {};
  if (kind === "env") return { text: whole, variable: rest };
  if (kind === "input") {
    const variable = scope.inputVariable ?? variableName(rest);
    return { text: `\${env:${variable}}`, input: rest, variable };
  }
  const bare = /^(?<name>[A-Za-z_]\w*)(?<default>:-.*)?$/s.exec(inside)?.groups;
  const path = knownPath(inside, scope);
  if (path !== undefined) return { text: path };
  const name = bare?.["name"];
  if (!scope.hasBareNames || name === undefined || isEditorVariable(name)) return { text: whole, unknown: whole };
  const reference = { text: `\${env:${name}}`, variable: name };
  return bare?.["default"] === undefined ? reference : { ...reference, default: name };
}

function knownPath(inside: string, { homeDirectory, projectFolder }: ReferenceScope): string | undefined {
  switch (inside) {
    case "userHome":
      return homeDirectory;
    case "workspaceFolder":
      return projectFolder ?? undefined;
    case "workspaceFolderBasename":
      return projectFolder?.split(/[\\/]/).findLast((part) => part !== "");
    case "pathSeparator":
    case "/":
      return homeDirectory.includes("\\") ? "\\" : "/";
    default:
      return undefined;
  }
}

/** workspaceFolder, fileDirname and the like; environment variables are hardly ever written so. */
function isEditorVariable(name: string): boolean {
  return /^[a-z]+[A-Z]/.test(name) || name === "file" || name === "cwd";
}

function variableName(id: string): string {
  return id.replaceAll(/\W+/g, "_").toUpperCase();
}
