/** How one flag of `docker run` is said in the config file. */
export interface FlagSetting {
  readonly key: string;
  readonly kind: "value" | "switch";
  toValue(text: string): unknown;
}

/** As docker's own client reads them: https://pkg.go.dev/strconv#ParseBool */
const trueWords: ReadonlySet<string> = new Set(["1", "t", "T", "TRUE", "true", "True"]);
const falseWords: ReadonlySet<string> = new Set(["0", "f", "F", "FALSE", "false", "False"]);

const one = (key: string): FlagSetting => ({ key, kind: "value", toValue: (text) => text });
const list = (key: string): FlagSetting => ({ key, kind: "value", toValue: (text) => [text] });
const number = (key: string): FlagSetting => ({ key, kind: "value", toValue: Number });
const toggle = (key: string): FlagSetting => ({
  key,
  kind: "switch",
  toValue: (text) => (trueWords.has(text) ? true : falseWords.has(text) ? false : text),
});
const pair = (key: string): FlagSetting => ({
  key,
  kind: "value",
  toValue: (text) => {
    const [name = "", ...value] = text.split("=");
    return { [name]: value.join("=") };
  },
});

/** https://docs.docker.com/reference/cli/docker/container/run/ */
const settings: Readonly<Record<string, FlagSetting>> = {
  "--memory": one("memory_limit"),
  "-m": one("memory_limit"),
  "--memory-swap": one("memory_swap"),
  "--cpus": one("cpu_limit"),
  "--pids-limit": number("pids_limit"),
  "--ulimit": pair("ulimits"),
  "--shm-size": one("shm_size"),
  "--network": one("network_mode"),
  "--net": one("network_mode"),
  "--dns": list("dns"),
  "--add-host": list("extra_hosts"),
  "--read-only": toggle("read_only"),
  "--tmpfs": list("tmpfs"),
  "--user": one("user"),
  "-u": one("user"),
  "--cap-drop": list("cap_drop"),
  "--cap-add": list("cap_add"),
  "--security-opt": list("security_opt"),
  "--init": toggle("init"),
  "--runtime": one("runtime"),
  "--device": list("devices"),
  "--pull": one("pull_policy"),
  "--platform": one("platform"),
  "--log-driver": one("log_driver"),
  "--workdir": one("working_dir"),
  "-w": one("working_dir"),
  "--volume": list("volumes"),
  "-v": list("volumes"),
};

export function settingOfFlag(flag: string): FlagSetting | undefined {
  return Object.hasOwn(settings, flag) ? settings[flag] : undefined;
}
