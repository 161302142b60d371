import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseDockerRun, type DockerRunCommand } from "./docker-run-command.ts";
import { maskDockerRunSecrets, secretsOfDockerRun, whyUnwatched, withIdentity } from "./docker-run-identity.ts";

function parse(...words: string[]): DockerRunCommand {
  const command = parseDockerRun(words);
  if (command === undefined) throw new Error(`Not a docker run: ${JSON.stringify(words)}`);
  return command;
}

const identity = { name: "mcpproxy-a-1234", labels: { l: "1" } };

describe("docker run of well-known READMEs", () => {
  it.each<[string, string, Partial<DockerRunCommand>]>([
    [
      "GitHub",
      "docker run -i --rm -e GITHUB_PERSONAL_ACCESS_TOKEN ghcr.io/github/github-mcp-server",
      { image: "ghcr.io/github/github-mcp-server", hasStdin: true, hasTty: false },
    ],
    [
      "GitHub with toolsets",
      "docker run -i --rm -e GITHUB_PERSONAL_ACCESS_TOKEN=t -e GITHUB_TOOLSETS=repos,issues ghcr.io/github/github-mcp-server stdio",
      { image: "ghcr.io/github/github-mcp-server", rest: ["ghcr.io/github/github-mcp-server", "stdio"] },
    ],
    [
      "Grafana",
      "docker run --rm -i -e GRAFANA_URL -e GRAFANA_SERVICE_ACCOUNT_TOKEN grafana/mcp-grafana -t stdio",
      { image: "grafana/mcp-grafana", rest: ["grafana/mcp-grafana", "-t", "stdio"], hasTty: false },
    ],
    [
      "filesystem with --mount",
      "docker run -i --rm --mount type=bind,src=/home/u/Desktop,dst=/projects/Desktop --mount type=bind,src=/f.txt,dst=/projects/f.txt,ro mcp/filesystem /projects",
      { image: "mcp/filesystem", rest: ["mcp/filesystem", "/projects"] },
    ],
    ["a joined volume", "docker run -i -v/a:/b mcp/git", { image: "mcp/git" }],
    ["an env file", "docker run -i --env-file .env --network host mcp/x", { image: "mcp/x" }],
    [
      "a context",
      "docker --context x run -i mcp/x",
      { image: "mcp/x", choosesEngine: true, before: ["--context", "x", "run"] },
    ],
    ["a joined host", "docker -Htcp://h:2375 run -i mcp/x", { image: "mcp/x", choosesEngine: true }],
    ["a log level", "docker --log-level debug -D run -i mcp/x", { image: "mcp/x", choosesEngine: false }],
    ["the long command", "docker container run -i mcp/x", { image: "mcp/x", before: ["container", "run"] }],
    ["podman", "podman run -i --rm --replace mcp/x -t", { image: "mcp/x", program: "podman", hasTty: false }],
    ["a full path", "/usr/local/bin/docker run -i mcp/x", { image: "mcp/x", prefix: ["/usr/local/bin/docker"] }],
    ["Windows", "C:\\Docker\\docker.exe run -i mcp/x", { image: "mcp/x", program: "docker" }],
    ["two dashes", "docker run -i -- mcp/x -it", { image: "mcp/x", options: ["-i", "--"], hasTty: false }],
    ["a wrapper", "env A=b docker run -i mcp/x", { image: "mcp/x", prefix: ["env", "A=b", "docker"], before: ["run"] }],
    ["a name", "docker run -i --name=mine mcp/x", { name: "mine" }],
    ["a name in two words", "docker run --name mine -i mcp/x", { name: "mine" }],
    ["joined switches", "docker run -dit mcp/x", { hasStdin: true, hasTty: true, isDetached: true }],
    [
      "switches that are off",
      "docker run -i=true -t=false --detach=false mcp/x",
      { hasStdin: true, hasTty: false, isDetached: false },
    ],
    ["joined switches with a value", "docker run -ite A=b mcp/x", { image: "mcp/x", hasTty: true }],
  ])("%s", (_, line, expected) => {
    expect(parse(...line.split(" "))).toMatchObject(expected);
  });

  it("is read inside a shell script of one command, which cannot be changed", () => {
    expect(parse("sh", "-c", "docker run -it mcp/x")).toMatchObject({
      image: "mcp/x",
      hasTty: true,
      prefix: undefined,
    });
  });

  it.each([
    ["npx", "-y", "docker", "run", "x"],
    ["docker", "exec", "-i", "c", "sh"],
    ["docker", "compose", "run", "x"],
    ["docker", "run", "-i"],
    ["docker"],
    ["sh", "-c", "docker run -t x; npx y"],
    [],
  ])("%j %j %j is none", (...words) => {
    expect(parseDockerRun(words)).toBeUndefined();
  });
});

describe("withIdentity", () => {
  it("adds name and labels and takes --rm away", () => {
    expect(withIdentity(parse("docker", "run", "-i", "--rm", "img:1", "--rm"), identity)).toEqual([
      "run",
      "--name=mcpproxy-a-1234",
      "-i",
      "--label=l=1",
      "img:1",
      "--rm",
    ]);
  });

  it("leaves the user's own name", () => {
    expect(withIdentity(parse("docker", "run", "--rm=true", "--name", "mine", "-i", "x"), identity)).toEqual([
      "run",
      "--name",
      "mine",
      "-i",
      "--label=l=1",
      "x",
    ]);
  });

  it("keeps all other words, byte for byte and in order", () => {
    const value = fc.string({ unit: "binary" });
    const option = fc.oneof(
      fc.constantFrom(["-i"], ["--init"], ["--read-only"], ["-it"], ["--rm"], ["--"]),
      fc.tuple(fc.constantFrom("-e", "-v", "--env", "--mount", "-m", "--network"), value),
      value.map((text) => [`--label=${text}`]),
      value.map((text) => [`-e${text}x`]),
    );
    const command = fc.record({
      options: fc.array(option).map((options) => options.flat()),
      image: value.filter((text) => text === "" || !text.startsWith("-")),
      rest: fc.array(value),
    });
    fc.assert(
      fc.property(command, ({ options, image, rest }) => {
        const args = ["run", ...options, image, ...rest];
        const parsed = parseDockerRun(["docker", ...args]);
        if (parsed === undefined) return;
        const changed = withIdentity(parsed, identity);
        expect(changed.slice(0, 2)).toEqual(["run", "--name=mcpproxy-a-1234"]);
        const head = changed.slice(2, changed.length - parsed.rest.length);
        const label = head.lastIndexOf("--label=l=1");
        expect(head.slice(label + 1)).toEqual(head.at(-1) === "--" && label < head.length - 1 ? ["--"] : []);
        const others = args.slice(0, args.length - parsed.rest.length).filter((word) => word !== "--rm");
        const kept = head.filter((word, index) => word !== "--rm" && index !== label);
        expect(["run", ...kept]).toEqual(others);
        expect(changed.slice(changed.length - parsed.rest.length)).toEqual(
          args.slice(args.length - parsed.rest.length),
        );
      }),
    );
  });
});

describe("whyUnwatched", () => {
  it.each(["docker run -i x", "env A=b docker run -i x", "docker --log-level debug run -i x"])(
    "%s is watched",
    (line) => {
      expect(whyUnwatched(parse(...line.split(" ")), [])).toBeUndefined();
    },
  );

  it.each([
    ["podman run -i x", "podman is not watched"],
    ["docker --context far run -i x", "an engine of its own (--context far run)"],
    ["env DOCKER_HOST=tcp://h docker run -i x", "DOCKER_HOST is set"],
  ])("%s is not", (line, reason) => {
    expect(whyUnwatched(parse(...line.split(" ")), [])).toContain(reason);
  });

  it("tells a script and a variable of env", () => {
    expect(whyUnwatched(parse("sh", "-c", "docker run -i x"), [])).toContain("shell script");
    const env = [{ name: "DOCKER_CONTEXT", value: "far", isSecret: true }];
    expect(whyUnwatched(parse("docker", "run", "-i", "x"), env)).toContain("DOCKER_CONTEXT is set");
  });
});

describe("values of -e KEY=VALUE", () => {
  const words = ["docker", "run", "-i", "-e", "A=one", "-eB=two", "--env=C=x=y", "-e", "D", "img", "A=on"];

  it("are secrets", () => {
    expect(secretsOfDockerRun(parse(...words))).toEqual(["one", "two", "x=y"]);
  });

  it("are masked where they stand", () => {
    const shown = maskDockerRunSecrets(words, parse(...words)).join(" ");
    expect(shown).toBe("docker run -i -e A=*** -eB=*** --env=C=*** -e D img A=on");
  });
});
