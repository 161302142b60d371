import { ownCacheFolder } from "./cache-volume.ts";
import type { Command } from "./container-command.ts";

/**
 * Installs uv beside the server's caches the first time, then becomes the command, word for word.
 * In Python and not in a shell: the images of python have no uv, and no word of the command may be read by a shell.
 * A start that is ended halfway leaves only the folder ".part", so that half a uv is never run. Debian's pip puts
 * programs into local/bin.
 */
const script = `import os, shutil, subprocess, sys
home = os.environ["MCPPROXY_UV_HOME"]
part = home + ".part"
os.environ["PATH"] = os.pathsep.join([home + "/bin", home + "/local/bin", os.environ.get("PATH", os.defpath)])
if shutil.which(sys.argv[1]) is None:
    print("MCPProxy installs uv with pip: this image has none.", file=sys.stderr, flush=True)
    shutil.rmtree(part, ignore_errors=True)
    os.makedirs(part + "/tmp")
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-input", "--no-cache-dir", "--no-warn-script-location", "--prefix", part, "uv"]
    env = {**os.environ, "TMPDIR": part + "/tmp", "PIP_ROOT_USER_ACTION": "ignore"}
    status = subprocess.run(pip, env=env, stdin=subprocess.DEVNULL, stdout=sys.stderr).returncode
    if status != 0:
        sys.exit("MCPProxy could not install uv with pip (exit code " + str(status) + ", see above). Give the container network access for its first start, or set isolation.image to an image that has uv.")
    shutil.rmtree(part + "/tmp", ignore_errors=True)
    shutil.rmtree(home, ignore_errors=True)
    os.rename(part, home)
os.execvp(sys.argv[1], sys.argv[1:])`;

/** Images of python come without uv; images of the user's own are taken as they are. */
export function needsUvBootstrap(image: string): boolean {
  return /(?:^|\/)python(?::|@|$)/.test(image);
}

/** The command behind the bootstrap. */
export function withUvBootstrap(command: Command): Command {
  return ["python3", "-c", script, ...command];
}

/** Where uv goes: on the cache volume, else a folder that is gone with the container. */
export function uvHome({
  hasCacheVolume,
  user,
}: {
  readonly hasCacheVolume: boolean;
  readonly user: string | undefined;
}): string {
  return hasCacheVolume ? `${ownCacheFolder(user).path}/uv-home` : "/tmp/mcpproxy-uv";
}
