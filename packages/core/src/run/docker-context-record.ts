/** One engine that servers could run on, like a line of `docker context ls`. */
export interface DockerContextRecord {
  /** Docker context, "DOCKER_HOST", or the address for one from `docker_host`. */
  readonly name: string;
  readonly description: string;
  /** unix:///var/run/docker.sock, tcp://host:2376, ssh://user@host; null when the context cannot be read. */
  readonly endpoint: string | null;
  /** Servers that choose no engine themselves run here. */
  readonly isDefault: boolean;
  /** A run lives here, or would start here. */
  readonly isUsed: boolean;
  /** Why it is used, e.g. "DOCKER_HOST is set"; null when it is not. */
  readonly reason: string | null;
  /** "unchecked" for contexts that nobody uses and nobody asked about. */
  readonly state: "available" | "unavailable" | "unchecked";
  readonly version: string | null;
  readonly problem: { readonly message: string; readonly remedy: string } | null;
  /** Servers whose run lives here, and those without a run that would start here. */
  readonly servers: readonly string[];
}
