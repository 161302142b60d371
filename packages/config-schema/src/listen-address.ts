import { accepted, rejected, type UnitResult } from "./unit-result.ts";

export interface ListenAddress {
  /** Without brackets, also for IPv6. */
  readonly host: string;
  /** 0 lets the system choose a free port. */
  readonly port: number;
}

const remedy = 'Write host and port, for example "127.0.0.1:8080", or ":8080" for this machine only.';

/** Reads "host:port"; without a host it is the loopback address, so that nothing listens to the network by accident. */
export function parseListenAddress(text: string): UnitResult<ListenAddress> {
  const match = /^(?:\[([0-9a-fA-F:.]+)\]|([A-Za-z0-9_.-]*)):(\d{1,5})$/.exec(text.trim());
  if (match === null) return rejected(`${JSON.stringify(text)} is not an address to listen on.`, remedy);
  const port = Number(match[3]);
  if (port > 65_535) return rejected(`${JSON.stringify(text)} has a port above 65535.`, remedy);
  return accepted({ host: match[1] ?? (match[2] || "127.0.0.1"), port });
}
