import { commandsMachine, dangerOf, normalize } from "../plan/dangerous-path.ts";
import type { IsolationWeakness } from "../run/run-record.ts";
import type { MountInForce } from "./in-force.ts";
import type { ScoreHost } from "./score-isolation.ts";

/** What of this machine's files the server sees; volumes of its own and harmless read-only folders cost nothing. */
export function mountWeaknesses(mounts: readonly MountInForce[], host: ScoreHost): readonly IsolationWeakness[] {
  const binds = mounts.filter(({ kind }) => kind === "bind");
  const dangerous = binds.flatMap((mount) => dangerousMount(mount, host) ?? []);
  const writable = binds.filter((mount) => !mount.isReadOnly && dangerousMount(mount, host) === undefined);
  return [...dangerous, ...(writable.length === 0 ? [] : [writableMounts(writable)])];
}

function dangerousMount(mount: MountInForce, host: ScoreHost): IsolationWeakness | undefined {
  const { source, isReadOnly } = mount;
  const danger = dangerOf(source, { isReadOnly, host: { platform: "other", ...host } });
  if (danger === undefined) return undefined;
  return {
    code: "dangerous_mount",
    points: pointsOf(normalize(host.paths?.get(source)?.realPath ?? source), isReadOnly),
    message: `The server sees ${source}${isReadOnly ? "" : " and can change it"}: ${danger}.`,
    remedy: "Remove it from volumes; name the one folder that the server works on.",
  };
}

/** A socket answers through a read-only mount as well. */
function pointsOf(place: string, isReadOnly: boolean): number {
  if (place === "/") return isReadOnly ? 60 : 85;
  if (commandsMachine(place)) return 85;
  return isReadOnly ? 30 : 50;
}

function writableMounts(mounts: readonly MountInForce[]): IsolationWeakness {
  return {
    code: "writable_mounts",
    points: Math.min(9, 3 * mounts.length),
    message: `The server can change files of this machine: ${mounts.map(({ source }) => source).join(", ")}.`,
    remedy: "End the line in volumes with :ro where it only reads.",
  };
}
