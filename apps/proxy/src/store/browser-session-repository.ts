import type { PrismaClient } from "./generated/prisma/client.ts";
import type { BrowserSessionRepository } from "./store.ts";
import { toStoredTime } from "./stored-value.ts";

type BrowserSession = Parameters<BrowserSessionRepository["add"]>[0];

export function createBrowserSessionRepository(prisma: PrismaClient): BrowserSessionRepository {
  return {
    add: (session) => addBrowserSession(prisma, session),
    isValid: (secretHash, now) => isBrowserSessionValid({ prisma, secretHash, now }),
    remove: (secretHash) => removeBrowserSession(prisma, secretHash),
  };
}

async function addBrowserSession(prisma: PrismaClient, session: BrowserSession): Promise<void> {
  const createdAt = toStoredTime(session.createdAt);
  const { secretHash } = session;
  // The table stays small without a timer: each login removes what has expired.
  await prisma.browserSession.deleteMany({ where: { expiresAt: { lte: createdAt } } });
  await prisma.browserSession.createMany({
    data: [{ secretHash, createdAt, expiresAt: toStoredTime(session.expiresAt) }],
  });
}

async function isBrowserSessionValid(input: {
  prisma: PrismaClient;
  secretHash: string;
  now: string;
}): Promise<boolean> {
  const { prisma, secretHash, now } = input;
  const count = await prisma.browserSession.count({ where: { secretHash, expiresAt: { gt: toStoredTime(now) } } });
  return count > 0;
}

async function removeBrowserSession(prisma: PrismaClient, secretHash: string): Promise<void> {
  await prisma.browserSession.deleteMany({ where: { secretHash } });
}
