/** Places in the home directory that hold keys, tokens, sessions or the sockets of a container engine. */
export const secretsInHome: readonly string[] = [
  ".ssh",
  ".gnupg",
  ".aws",
  ".azure",
  ".kube",
  ".docker",
  ".colima",
  ".lima",
  ".orbstack",
  ".rd",
  ".mcpproxy",
  ".password-store",
  ".netrc",
  ".npmrc",
  ".pypirc",
  ".git-credentials",
  ".pgpass",
  ".vault-token",
  ".claude.json",
  ".claude/.credentials.json",
  ".codex/auth.json",
  ".cargo/credentials",
  ".cargo/credentials.toml",
  ".gem/credentials",
  ".terraform.d",
  ".mozilla",
  ".config/gcloud",
  ".config/gh",
  ".config/op",
  ".config/containers",
  ".config/chromium",
  ".config/google-chrome",
  ".local/share/containers",
  ".local/share/docker",
  ".local/share/keyrings",
  "AppData/Roaming/gcloud",
  "AppData/Local/Google/Chrome",
  "Library/Keychains",
  "Library/Cookies",
  "Library/Containers/com.docker.docker",
  "Library/Application Support/Google/Chrome",
];

/** Places in the home directory from which programs are started, as you, at the next login or by the next command. */
export const startedFromHome: readonly string[] = [
  ".profile",
  ".bashrc",
  ".bash_profile",
  ".bash_login",
  ".bash_logout",
  ".zshrc",
  ".zshenv",
  ".zprofile",
  ".zlogin",
  ".gitconfig",
  ".cursor",
  ".vscode",
  ".config/git",
  ".config/fish",
  ".config/systemd",
  ".config/autostart",
  ".config/environment.d",
  ".local/bin",
  ".local/share/applications",
  "AppData/Roaming/Microsoft/Windows/Start Menu",
  "Library/LaunchAgents",
];

/** Files of the machine that hold its passwords and keys. */
export const secretsOfMachine: readonly string[] = [
  "/etc/shadow",
  "/etc/shadow-",
  "/etc/gshadow",
  "/etc/gshadow-",
  "/etc/sudoers",
  "/etc/sudoers.d",
  "/etc/ssh",
  "/etc/ssl/private",
  "/etc/kubernetes",
  "/etc/wireguard",
];

export const systemPlaces = {
  /** Whoever reaches these can command the machine or other containers. */
  sockets: [
    "/run/docker",
    "/run/containerd",
    "/run/podman",
    "/run/crio",
    "/run/k3s",
    "/run/dbus",
    "/run/systemd",
    "/run/user",
    "/var/run",
    "/var/lib/docker",
    "/var/lib/containerd",
    "/var/lib/containers",
  ],
  closed: ["/proc", "/sys", "/dev", "/boot", "/root"],
  /** Harmless to read. */
  readable: [
    "/etc",
    "/usr",
    "/bin",
    "/sbin",
    "/lib",
    "/lib32",
    "/lib64",
    "/libx32",
    "/nix",
    "/snap",
    "/var/spool/cron",
    "/system",
    "/library",
    "/applications",
  ],
  /** Other programs live in it; a folder in it may well belong to the server. */
  readableItself: ["/opt", "/srv", "/var/lib", "/var/spool", "/var/log"],
} as const;

/** Sockets that give whoever reaches them the machine; on Windows they are named pipes. */
export const engineSocket =
  /(?:^|\/)(?:docker|podman|containerd|crio|cri-dockerd|dockershim|buildkitd)[\w.-]*\.sock$|\/pipe\/(?:docker|podman)[\w.-]*$/i;

/** The home folders of other people, as far as a path tells; MCPProxy may run as a user of its own. */
export const someHome = /^(?:[a-z]:)?\/(?:home|users)(?:\/(?!shared$|public$)[^/]+)?$/i;

/** Keys by their usual names, wherever they lie, and sockets of agents that sign with them. */
export const secretFile =
  /(?:^|\/)\.(?:ssh|gnupg|aws|azure|kube|password-store)(?:\/|$)|(?:^|\/)(?:id_(?:rsa|dsa|ecdsa|ed25519)(?:_sk)?|S\.gpg-agent[\w.]*|ssh-\w+\/agent\.\d+|[\w.-]*ssh-agent[\w.-]*)$/i;
