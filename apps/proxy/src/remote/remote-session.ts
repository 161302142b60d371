import { z } from "zod";
import { metaKeys, metaValue } from "../bridge/envelope.ts";
import { spanString, type RequestMessage } from "../bridge/scan-message.ts";

const initializedSchema = z.object({
  result: z.object({
    protocolVersion: z.string(),
    capabilities: z.looseObject({
      tools: z.looseObject({ listChanged: z.boolean().optional() }).optional(),
      prompts: z.looseObject({ listChanged: z.boolean().optional() }).optional(),
      resources: z.looseObject({ listChanged: z.boolean().optional() }).optional(),
    }),
  }),
});

/** A session of the legacy era, and what a new one in its place has to be told again. */
export class RemoteSession {
  id: string | undefined;
  private protocolVersion: string | undefined;
  private initialize: Buffer | undefined;
  private loggingLevel: Buffer | undefined;
  private readonly subscriptions = new Map<string, Buffer>();

  /** Keeps what the server was asked for. */
  note(message: RequestMessage): void {
    const uri = spanString(message.bytes, message.uri);
    if (message.method === "initialize") this.initialize = message.bytes;
    else if (message.method === "logging/setLevel") this.loggingLevel = message.bytes;
    else if (message.method === "resources/subscribe" && uri !== undefined) this.subscriptions.set(uri, message.bytes);
    else if (message.method === "resources/unsubscribe" && uri !== undefined) this.subscriptions.delete(uri);
  }

  /** Begins with the answer to initialize; the lists that the server says it tells changes of, undefined when it is none. */
  begin(id: string | undefined, answer: Buffer): readonly string[] | undefined {
    const { result } = initializedSchema.safeParse(JSON.parse(answer.toString())).data ?? {};
    if (result === undefined) return undefined;
    this.id = id;
    this.protocolVersion = result.protocolVersion;
    return Object.entries(result.capabilities).flatMap(([name, capability]) =>
      typeof capability === "object" && capability !== null && "listChanged" in capability && capability.listChanged
        ? [name]
        : [],
    );
  }

  /** The request that began it. */
  get beginning(): Buffer | undefined {
    return this.initialize;
  }

  /** What a new session has to be told again. */
  get wishes(): readonly Buffer[] {
    return [...(this.loggingLevel === undefined ? [] : [this.loggingLevel]), ...this.subscriptions.values()];
  }

  /** The headers of every request in it. */
  get headers(): Readonly<Record<string, string>> {
    return {
      ...(this.id === undefined ? {} : { "mcp-session-id": this.id }),
      ...(this.protocolVersion === undefined ? {} : { "mcp-protocol-version": this.protocolVersion }),
    };
  }
}

/** The revision that a request of the modern era says of itself; undefined for the legacy era. */
export function modernVersionOf({ bytes, meta }: RequestMessage): string | undefined {
  return spanString(bytes, metaValue(meta, metaKeys.protocolVersion));
}
