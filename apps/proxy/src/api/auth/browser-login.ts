import { createHash, randomBytes } from "node:crypto";
import type { BrowserSessionRepository } from "../../store/store.ts";

const tokenLifetimeMs = 10 * 60 * 1_000;
const sessionLifetimeMs = 30 * 24 * 60 * 60 * 1_000;
const maxTokens = 100;

export interface BrowserSession {
  readonly secret: string;
  readonly expiresAt: string;
}

/** Browser login by one-time links: a token is good once and for ten minutes, and buys a session whose hash alone is stored. */
export class BrowserLogin {
  private readonly tokens = new Map<string, number>();
  private readonly repository: BrowserSessionRepository;
  /** Hashes known to be good, so that not every request asks the database. */
  private readonly known = new Map<string, number>();

  constructor(repository: BrowserSessionRepository) {
    this.repository = repository;
  }

  createToken(): string {
    const now = Date.now();
    for (const [hash, expiresMs] of this.tokens)
      if (expiresMs < now || this.tokens.size >= maxTokens) this.tokens.delete(hash);
    const token = randomBytes(24).toString("base64url");
    this.tokens.set(hashOf(token), now + tokenLifetimeMs);
    return token;
  }

  /** A session for a token that is still good; undefined when it was used, has expired or never was one. */
  async redeem(token: string): Promise<BrowserSession | undefined> {
    const hash = hashOf(token);
    const expiresMs = this.tokens.get(hash);
    this.tokens.delete(hash);
    const now = Date.now();
    if (expiresMs === undefined || expiresMs < now) return undefined;
    const secret = randomBytes(32).toString("base64url");
    const expiresAt = new Date(now + sessionLifetimeMs).toISOString();
    await this.repository.add({ secretHash: hashOf(secret), createdAt: new Date(now).toISOString(), expiresAt });
    return { secret, expiresAt };
  }

  async isValid(secret: string): Promise<boolean> {
    const hash = hashOf(secret);
    const now = Date.now();
    if ((this.known.get(hash) ?? 0) > now) return true;
    const isValid = await this.repository.isValid(hash, new Date(now).toISOString());
    if (isValid) this.known.set(hash, now + 60_000);
    return isValid;
  }
}

function hashOf(secret: string): string {
  return createHash("sha256").update(secret).digest("hex");
}
