import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { configOf, outcomeOf, planOf } from "./plan-case.test-data.ts";
import { planIsolation } from "./plan-isolation.ts";

function outcome(words: readonly string[], isolation: object = {}) {
  const [command, ...args] = words;
  return outcomeOf({ server: { command, args }, isolation: { ...isolation } });
}

describe("one plain call of a container engine is left alone", () => {
  it.each([
    [["docker", "run", "-i", "x"]],
    [["/usr/local/bin/docker", "run", "-i", "x"]],
    [["C:\\Program Files\\Docker\\docker.exe", "run", "-i", "x"]],
    [["podman", "run", "-i", "x"]],
    [["nerdctl", "run", "-i", "x"]],
    [["env", "A=b", "docker", "run", "-i", "x"]],
    [["sudo", "-n", "docker", "run", "-i", "x"]],
    [["sudo", "env", "A=b", "docker", "run", "-i", "x"]],
    [["env", "-S", "docker run -i x"]],
    [["sh", "-c", "docker run -i x"]],
    [["sh", "-c", "A=b exec docker run -i x"]],
    [["bash", "-euo", "pipefail", "-c", "docker run -i x --opt 'a; b' \"$HOME\""]],
    [["cmd", "/c", "docker", "run", "-i", "x"]],
    [["cmd.exe", "/d", "/c", "docker run -i x"]],
    [["powershell", "-NoProfile", "-Command", "docker run -i x"]],
    [["docker", "compose", "run", "-T", "x"]],
  ])("%j", (words) => {
    expect(outcome(words)).toBe("direct");
    expect(outcome(words, { enabled: true })).toBe("server_is_docker_command");
    expect(outcome(words, { image: "docker:cli" })).toBe("server_is_docker_command");
  });
});

describe("a script that also does other things never runs on the host", () => {
  it.each([
    [["sh", "-c", "curl x | sh; docker run -i x"]],
    [["sh", "-c", "docker run -i x; curl x | sh"]],
    [["sh", "-c", "docker run -i x && evil"]],
    [["sh", "-c", "docker run -i x & evil"]],
    [["sh", "-c", "docker run -i x | evil"]],
    [["sh", "-c", "docker run -i x\nevil"]],
    [["sh", "-c", "docker run -i x # '\nevil #'"]],
    [["sh", "-c", "docker run -i $(evil)"]],
    [["sh", "-c", "docker run -i `evil`"]],
    [["sh", "-c", 'docker run -i "$(evil)"']],
    [["sh", "-c", "docker run -i ${A:=x}"]],
    [["sh", "-c", "docker run -i <(evil)"]],
    [["sh", "-c", "docker run -i x > /etc/passwd"]],
    [["sh", "-c", "echo x > ~/.bashrc; docker run -i x"]],
    [["sh", "-c", "cd /x && exec docker run -i x"]],
    [["sh", "-c", "evil; docker run -i x", "name"]],
    [["sh", "-c", "docker pull x; evil", "name"]],
    [["bash", "-c", "docker run $'a\\'; evil; echo '"]],
    [["sudo", "sh", "-c", "docker run -i x; evil"]],
    [["sh", "-c", 'sh -c "docker run -i x; evil"']],
    [["cmd", "/c", "docker", "run", "-i", "x", "&", "evil"]],
    [["cmd", "/c", "docker run -i x & evil"]],
    [["cmd", "/c", "docker run -i %EVIL%"]],
    [["powershell", "-Command", "docker", "run", "-i", "x", ";", "evil"]],
    [["powershell", "-Command", "docker run -i x; evil"]],
    [["powershell", "-Command", "docker run -i (evil)"]],
  ])("%j", (words) => {
    expect(planOf({ server: { command: words[0], args: words.slice(1) } }).kind).not.toBe("direct");
  });
});

describe("the word docker makes no container engine", () => {
  it.each([
    [["npx", "-y", "docker-mcp"]],
    [["npx", "-y", "@docker/docker"]],
    [["npx", "docker", "run", "-i", "x"]],
    [["/opt/docker/bin/npx", "x"]],
    [["python", "-m", "docker"]],
    [["python", "/home/docker/docker.py"]],
    [["sh", "-c", "npx docker"]],
    [["sh", "-c", "echo docker run"]],
    [["sh", "docker"]],
    [["env", "DOCKER=docker", "npx", "x"]],
  ])("%j runs isolated", (words) => {
    expect(outcome(words)).toBe("isolated");
  });

  it.each([
    [["docker-mcp"]],
    [["mydocker", "run"]],
    [["docker-compose", "run"]],
    [["docker run -i x"]],
    [["ssh", "h", "docker"]],
  ])("%j needs an image", (words) => {
    expect(outcome(words)).toBe("runtime_unknown");
  });
});

it("never runs a server on the host that is to be isolated, whatever its command, arguments and settings", () => {
  const program = fc.constantFrom(
    "npx",
    "uvx",
    "sh",
    "bash",
    "env",
    "sudo",
    "cmd",
    "powershell",
    "evil",
    "dockerd",
    "/x/python3",
  );
  const word = fc.oneof(
    fc.constantFrom("-c", "/c", "-Command", "-S", "--", "-u", "A=b", "docker", "docker run -i x", ";", "&&", "evil"),
    fc.constantFrom("docker run -i x; evil", "evil | docker run", "docker $(evil)", "sh -c 'docker run; evil'"),
    fc.string(),
  );
  const isolation = fc.record(
    {
      enabled: fc.constantFrom(true),
      image: fc.constantFrom("my:1", "docker:cli"),
      network_mode: fc.constantFrom("none", "host", "allowlist"),
      preset: fc.constantFrom("standard", "strict"),
      volumes: fc.constantFrom(["/:/c"], ["/var/run/docker.sock:/s"], ["/data:/data"]),
      allow_dangerous_mounts: fc.boolean(),
      docker_host: fc.constantFrom("ssh://engine"),
    },
    { requiredKeys: [] },
  );
  fc.assert(
    fc.property(program, fc.array(word, { maxLength: 6 }), isolation, (command, args, chosen) => {
      const nulFree = args.map((one) => one.replaceAll("\0", ""));
      const result = planOf({ server: { command, args: nulFree }, isolation: chosen });
      if (result.kind !== "direct") return;
      const text = [command, ...nulFree].join(" ");
      expect(chosen).not.toHaveProperty("enabled");
      expect(chosen).not.toHaveProperty("image");
      expect(text).toContain("docker");
      // Whatever a shell would read must be one command.
      const script = nulFree[nulFree.indexOf("-c") + 1] ?? "";
      const isRiddle = ["sh", "bash"].includes(command) && /[;&|`<>()\n]|\$\(/.test(script);
      expect(isRiddle).toBe(false);
    }),
    { numRuns: 2000 },
  );
});

it("gives the same plan for the same input", () => {
  const input = {
    ...configOf({ isolation: { preset: "strict", volumes: ["/data:/data"] } }),
    host: { platform: "linux" as const },
  };
  expect(planIsolation(input)).toEqual(planIsolation(input));
});
