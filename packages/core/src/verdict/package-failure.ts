import { plainLines } from "./telling-line.ts";

export type PackageProblem = "network" | "certificate" | "denied" | "not_found" | "conflict";

/** What a package tool said about why it could not deliver. */
export interface PackageFailure {
  readonly tool: "npm" | "pnpm" | "uv" | "pip";
  readonly problem: PackageProblem;
  readonly line: string;
  /** Error code such as "E404" or "EAI_AGAIN". */
  readonly code?: string;
  readonly package?: string;
}

interface Pattern {
  readonly tool: PackageFailure["tool"];
  readonly problem: PackageProblem;
  readonly line: RegExp;
}

/** Every pattern names its tool's own words: a server may well print ECONNREFUSED about something else. First match wins, so causes stand before their consequences. */
const patterns: readonly Pattern[] = [
  { tool: "npm", problem: "certificate", line: /^npm (?:error|ERR!) code (?<code>\w*(?:CERT|VERIFY|ISSUER)\w*)/ },
  {
    tool: "npm",
    problem: "network",
    line: /^npm (?:error|ERR!) code (?<code>ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|EHOSTUNREACH|EPROTO|E5\d\d|ENOTCACHED|ERR_SOCKET_TIMEOUT|FETCH_ERROR)/,
  },
  { tool: "npm", problem: "denied", line: /^npm (?:error|ERR!) code (?<code>E401|E403|ENEEDAUTH)/ },
  { tool: "npm", problem: "not_found", line: /^npm (?:error|ERR!) code (?<code>E404|ETARGET|ENOVERSIONS)/ },
  {
    tool: "npm",
    problem: "conflict",
    line: /^npm (?:error|ERR!) code (?<code>ERESOLVE|EINTEGRITY|EINVALIDPACKAGENAME|EINVALIDTAGNAME)/,
  },
  { tool: "pnpm", problem: "not_found", line: /(?<code>ERR_PNPM_(?:FETCH_404|NO_MATCHING_VERSION))/ },
  { tool: "pnpm", problem: "network", line: /(?<code>ERR_PNPM_(?:META_)?FETCH\w*)/ },
  {
    tool: "pip",
    problem: "certificate",
    line: /(?:pip|Retry\(|Could not fetch URL).*(?<code>CERTIFICATE_VERIFY_FAILED)/,
  },
  {
    tool: "pip",
    problem: "network",
    line: /^WARNING: Retrying \(Retry\(.*(?:connection|resolution|timed? ?out|unreachable|Connect)/i,
  },
  {
    tool: "pip",
    problem: "not_found",
    line: /^ERROR: (?:No matching distribution found for|Could not find a version that satisfies the requirement) (?<package>[^\s(]+)/,
  },
  { tool: "pip", problem: "conflict", line: /^ERROR: (?:ResolutionImpossible|Cannot install)/ },
  { tool: "uv", problem: "certificate", line: /invalid peer certificate/ },
  {
    tool: "uv",
    problem: "network",
    line: /dns error|error sending request for url|(?:Failed to|Could not) (?:fetch|connect|download)\b.*https?:\/\/|Request failed after \d+ retries/,
  },
  {
    tool: "uv",
    problem: "not_found",
    line: /Because (?<package>\S+) was not found in the package registry|Because there (?:is|are) no versions? of (?<version>\S+)/,
  },
  { tool: "uv", problem: "conflict", line: /No solution found when resolving/ },
];

/** The first thing a package tool said about the network, the registry or a package; undefined when none did. */
export function findPackageFailure(stderrTail: readonly string[]): PackageFailure | undefined {
  const lines = plainLines(stderrTail);
  const isUv = lines.some((line) => /^\s*(?:error: |× |╰─▶|├─▶|Caused by: )/.test(line));
  for (const pattern of patterns.filter(({ tool }) => tool !== "uv" || isUv)) {
    const failure = firstMatch(lines, pattern);
    if (failure !== undefined) return failure;
  }
  return undefined;
}

function firstMatch(
  lines: readonly string[],
  { tool, problem, line: expression }: Pattern,
): PackageFailure | undefined {
  for (const line of lines) {
    const match = expression.exec(line);
    if (match === null) continue;
    const name = match.groups?.["package"] ?? match.groups?.["version"] ?? npmPackage(lines);
    const code = match.groups?.["code"];
    return {
      tool,
      problem,
      line,
      ...(code === undefined ? {} : { code }),
      ...(name === undefined ? {} : { package: name }),
    };
  }
  return undefined;
}

/** npm names the package on a line of its own after the code. */
function npmPackage(lines: readonly string[]): string | undefined {
  for (const line of lines) {
    const match =
      /^npm (?:error|ERR!) 404\s+(?:The requested resource )?'?(?<name>@?[^\s']+)'? (?:is not in this registry|could not be found)|No matching version found for (?<wanted>\S+?)\.?$/.exec(
        line,
      );
    const name = match?.groups?.["name"] ?? match?.groups?.["wanted"];
    if (name !== undefined) return name;
  }
  return undefined;
}
