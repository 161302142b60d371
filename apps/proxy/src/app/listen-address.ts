import { parseListenAddress, type ListenAddress } from "@mcpproxy/config-schema/listen-address";
import { AppError } from "../app-error.ts";
import type { Environment } from "../environment.ts";
import type { ProxyCore } from "./proxy-core.ts";

const fallback: ListenAddress = { host: "127.0.0.1", port: 8080 };

/** --listen, then MCPPROXY_LISTEN, then the config, then 127.0.0.1:8080. Throws AppError config_error. */
export function resolveListenAddress(
  option: string | undefined,
  environment: Environment,
  config: ProxyCore["config"],
): ListenAddress {
  const text = option ?? environment.listen;
  if (text === undefined) return config.settings?.listen ?? fallback;
  const parsed = parseListenAddress(text);
  if (parsed.ok) return parsed.value;
  throw new AppError("config_error", `${parsed.problem} ${parsed.remedy}`);
}
