import { expect, it } from "vitest";
import { dockerCommandVariables } from "./docker-command-environment.ts";

const environment = { dockerConfigDir: "/home/u/.docker", dockerCertPath: "/certs", dockerTlsVerify: "1" };
const always = { DOCKER_CONFIG: "/home/u/.docker" };
const tls = { DOCKER_CERT_PATH: "/certs", DOCKER_TLS_VERIFY: "1" };

it.each([
  ["default", "unix:///var/run/docker.sock", { DOCKER_HOST: "unix:///var/run/docker.sock" }],
  ["colima", "unix:///home/u/.colima/docker.sock", { DOCKER_HOST: "unix:///home/u/.colima/docker.sock" }],
  ["far", "tcp://h:2376", { DOCKER_CONTEXT: "far" }],
  ["far", "ssh://u@h", { DOCKER_CONTEXT: "far" }],
  ["DOCKER_HOST", "tcp://h:2376", { DOCKER_HOST: "tcp://h:2376", ...tls }],
  ["docker_host", "tcp://h:2376", { DOCKER_HOST: "tcp://h:2376", ...tls }],
])("a docker command reaches the engine of %s at %s", (context, endpoint, expected) => {
  expect(dockerCommandVariables({ context, endpoint }, environment)).toEqual({ ...always, ...expected });
});
