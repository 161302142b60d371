/** Holds the secret of a browser session; the proxy knows only its hash. */
export const sessionCookieName = "mcpproxy_session";
