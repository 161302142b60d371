import { homedir } from "node:os";
import { join } from "node:path";

/** The only place of the proxy that reads the process environment. */
export interface Environment {
  readonly homeDirectory: string;
  readonly configPath: string | undefined;
  readonly dataDirectory: string | undefined;
  readonly logDirectory: string | undefined;
  readonly listen: string | undefined;
  readonly webPort: string | undefined;
  /** More Host names that the proxy answers to, comma-separated. */
  readonly allowedHosts: readonly string[];
  readonly stateHome: string;
  /** Where programs keep their settings: XDG_CONFIG_HOME, and APPDATA on Windows. */
  readonly configHome: string;
  readonly appDataDirectory: string;
  readonly claudeConfigDirectory: string | undefined;
  readonly docker: {
    readonly dockerHost?: string;
    readonly dockerContext?: string;
    readonly dockerConfigDir: string;
    readonly dockerTlsVerify?: string;
    readonly dockerCertPath?: string;
    readonly sshAuthSocket?: string;
    readonly homeDirectory: string;
    readonly runtimeDirectory?: string;
    readonly userId?: number;
  };
  /** CA bundles the user has set for this machine's programs. */
  readonly nodeExtraCaCerts: string | undefined;
  readonly sslCertFile: string | undefined;
  /** The user's own node, where MCPProxy itself was started by a pinned one. */
  readonly hostNodePath: string | undefined;
  /** Any variable by its name, for references in the config file. */
  readonly variable: (name: string) => string | undefined;
  /** Everything, for programs that the docker command would start with it too: credential helpers. */
  readonly processVariables: Readonly<Record<string, string>>;
  /** The proxy that this machine itself needs to get out, and what is reached without it. */
  readonly httpsProxy: string | undefined;
  readonly noProxy: string | undefined;
  /** What a server on the host inherits. */
  readonly inherited: Readonly<Record<string, string>>;
}

const inheritedNames = [
  "PATH",
  "HOME",
  "USER",
  "LOGNAME",
  "SHELL",
  "LANG",
  "LC_ALL",
  "TZ",
  "TMPDIR",
  "TEMP",
  "TMP",
  "XDG_CACHE_HOME",
  "XDG_CONFIG_HOME",
  "XDG_DATA_HOME",
  "NODE_EXTRA_CA_CERTS",
  "SSL_CERT_FILE",
  "REQUESTS_CA_BUNDLE",
  "CURL_CA_BUNDLE",
];

export function readEnvironment(variables: NodeJS.ProcessEnv = process.env): Environment {
  const value = (name: string): string | undefined => variables[name] || undefined;
  const homeDirectory = value("HOME") ?? homedir();
  return {
    homeDirectory,
    variable: (name) => variables[name],
    configPath: value("MCPPROXY_CONFIG"),
    dataDirectory: value("MCPPROXY_DATA_DIR"),
    logDirectory: value("MCPPROXY_LOG_DIR"),
    listen: value("MCPPROXY_LISTEN"),
    webPort: value("MCPPROXY_WEB_PORT"),
    allowedHosts: (value("MCPPROXY_ALLOWED_HOSTS") ?? "")
      .split(",")
      // As the URL parser gives them.
      .map((host) => host.trim().toLowerCase())
      .filter((host) => host !== ""),
    stateHome: value("XDG_STATE_HOME") ?? join(homeDirectory, ".local", "state"),
    configHome: value("XDG_CONFIG_HOME") ?? join(homeDirectory, ".config"),
    appDataDirectory: value("APPDATA") ?? join(homeDirectory, "AppData", "Roaming"),
    claudeConfigDirectory: value("CLAUDE_CONFIG_DIR"),
    docker: {
      ...defined("dockerHost", value("DOCKER_HOST")),
      ...defined("dockerContext", value("DOCKER_CONTEXT")),
      dockerConfigDir: value("DOCKER_CONFIG") ?? join(homeDirectory, ".docker"),
      ...defined("dockerTlsVerify", value("DOCKER_TLS_VERIFY")),
      ...defined("dockerCertPath", value("DOCKER_CERT_PATH")),
      ...defined("sshAuthSocket", value("SSH_AUTH_SOCK")),
      homeDirectory,
      ...defined("runtimeDirectory", value("XDG_RUNTIME_DIR")),
      ...(process.getuid === undefined ? {} : { userId: process.getuid() }),
    },
    nodeExtraCaCerts: value("NODE_EXTRA_CA_CERTS"),
    sslCertFile: value("SSL_CERT_FILE"),
    hostNodePath: value("MCPPROXY_HOST_NODE"),
    processVariables: Object.fromEntries(
      Object.entries(variables).flatMap(([name, found]) => (found === undefined ? [] : [[name, found]])),
    ),
    httpsProxy: value("HTTPS_PROXY") ?? value("https_proxy"),
    noProxy: value("NO_PROXY") ?? value("no_proxy"),
    inherited: Object.fromEntries(
      inheritedNames.flatMap((name) => {
        const found = value(name);
        return found === undefined ? [] : [[name, found]];
      }),
    ),
  };
}

function defined<Name extends string>(name: Name, value: string | undefined): { [Key in Name]?: string } {
  const found: { [Key in Name]?: string } = {};
  if (value !== undefined) found[name] = value;
  return found;
}
