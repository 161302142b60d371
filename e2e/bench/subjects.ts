import { startProduct } from "../harness/product.ts";
import { repository } from "../harness/repository.ts";
import { configOf, containerFixture, hostFixture, testImage } from "../harness/server-entries.ts";
import { startMcpProxy, startSupergateway, type Gateway } from "./gateways.ts";
import { httpCallers } from "./http-callers.ts";
import { modernCallers } from "./modern-callers.ts";
import type { EchoCaller } from "./series.ts";
import { stdioCallers } from "./stdio-callers.ts";

/** One way from a client to the fixture. */
export interface Subject {
  readonly name: string;
  /** Process id of the proxy in between, where there is one. */
  readonly pid?: number;
  callers(count: number): Promise<readonly EchoCaller[]>;
  close(): Promise<void>;
}

/** The ways that the benchmark compares, in the order of the table; each starts when it is asked for. */
export const subjects: readonly { readonly name: string; start(): Promise<Subject> }[] = [
  { name: "direct stdio", start: async () => directStdio() },
  { name: "direct docker run -i", start: async () => directDocker() },
  {
    name: "MCPProxy, host process",
    start: () => throughProduct("MCPProxy, host process", hostFixture({ name: "bench" })),
  },
  {
    name: "MCPProxy, host process, modern client",
    start: () => throughProduct("MCPProxy, host process, modern client", hostFixture({ name: "bench" }), modernCallers),
  },
  {
    name: "MCPProxy, container",
    start: () => throughProduct("MCPProxy, container", containerFixture({ name: "bench" })),
  },
  {
    name: "supergateway 4.0.0 stateful",
    start: async () => throughGateway("supergateway 4.0.0 stateful", await startSupergateway()),
  },
  { name: "mcp-proxy 6.7.19", start: async () => throughGateway("mcp-proxy 6.7.19", await startMcpProxy()) },
];

const nothing = async () => {};

function directStdio(): Subject {
  return {
    name: "direct stdio",
    callers: (count) => stdioCallers({ program: process.execPath, args: [repository.nodeFixture], count }),
    close: nothing,
  };
}

function directDocker(): Subject {
  const options = [
    "--memory=512m",
    "--cpus=1.0",
    "--pids-limit=256",
    "--network=bridge",
    "--cap-drop=ALL",
    "--security-opt=no-new-privileges",
    "--init",
    "--log-driver=local",
  ];
  const args = [
    "run",
    "-i",
    "--rm",
    ...options,
    `--volume=${repository.fixtures}:/fixtures:ro`,
    testImage,
    "node",
    "/fixtures/mcp-fixture.mjs",
  ];
  return {
    name: "direct docker run -i",
    callers: (count) => stdioCallers({ program: "docker", args, count }),
    close: nothing,
  };
}

function throughGateway(name: string, gateway: Gateway): Subject {
  return {
    name,
    pid: gateway.pid,
    callers: (count) => httpCallers({ url: gateway.url, count }),
    close: () => gateway.close(),
  };
}

async function throughProduct(name: string, server: object, callers = httpCallers): Promise<Subject> {
  const product = await startProduct({ config: configOf([server]) });
  await product.api.serverIn("bench", "ready");
  return {
    name,
    pid: product.proxy.process.pid,
    callers: (count) => callers({ url: product.mcpUrl("bench"), count }),
    close: () => product.dispose(),
  };
}
