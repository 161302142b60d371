/**
 * What a container needs in its environment to use the proxy. Measured: npm, npx and Python's urllib read HTTPS_PROXY
 * or https_proxy, so npm needs no settings of its own; Node's fetch and https need NODE_USE_ENV_PROXY as well, which
 * Node 20 does not know.
 * ALL_PROXY is left out: it only adds protocols that the proxy refuses.
 */
export function egressVariables(proxyUrl: string): Readonly<Record<string, string>> {
  const local = "localhost,127.0.0.1,::1";
  return {
    HTTPS_PROXY: proxyUrl,
    https_proxy: proxyUrl,
    // Plain HTTP is refused, but with an explanation instead of a dead end.
    HTTP_PROXY: proxyUrl,
    http_proxy: proxyUrl,
    NO_PROXY: local,
    no_proxy: local,
    NODE_USE_ENV_PROXY: "1",
  };
}
