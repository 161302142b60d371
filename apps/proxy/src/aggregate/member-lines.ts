import type { Session } from "../bridge/session.ts";
import type { Member } from "./member.ts";
import { MemberLine } from "./member-line.ts";

/** One client's lines to the servers that it has used. */
export class MemberLines {
  private readonly byName = new Map<string, MemberLine>();
  private readonly client: Session;

  constructor(client: Session) {
    this.client = client;
  }

  /** The line to a server, opened by its first use; nothing is started. */
  to(member: Member): MemberLine {
    const existing = this.byName.get(member.name);
    const isUsable = existing?.member.endpoint === member.endpoint && !existing.connection.isOver;
    if (existing !== undefined && isUsable) return existing;
    existing?.close();
    const line = new MemberLine({
      member,
      client: this.client,
      deliver: (message) => this.client.deliver(message),
      onOver: (over) => this.forget(over),
    });
    this.byName.set(member.name, line);
    return line;
  }

  ready(): readonly MemberLine[] {
    return [...this.byName.values()].filter(({ connection }) => connection.isReady);
  }

  close(): void {
    const lines = [...this.byName.values()];
    this.byName.clear();
    for (const line of lines) line.close();
  }

  /** The server ended it: the next use opens another. */
  private forget(line: MemberLine): void {
    if (this.byName.get(line.member.name) === line) this.byName.delete(line.member.name);
  }
}
