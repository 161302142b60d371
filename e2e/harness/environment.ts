/** The one place of these tests that reads the environment: what a started program inherits, plus what the caller sets. */
export function childEnvironment(settings: Readonly<Record<string, string>>): NodeJS.ProcessEnv {
  const inherited = Object.entries(process.env).filter(
    ([name]) => !name.startsWith("MCPPROXY_") || name === "MCPPROXY_HOST_NODE",
  );
  return {
    ...Object.fromEntries(inherited),
    XDG_STATE_HOME: undefined,
    NEXT_TELEMETRY_DISABLED: "1",
    NO_COLOR: "1",
    FORCE_COLOR: undefined,
    ...settings,
  };
}
