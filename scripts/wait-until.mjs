import { setTimeout as delay } from "node:timers/promises";

const pollIntervalMs = 100;

/**
 * Asks again and again until the answer is yes, the deadline has passed or `shouldGiveUp` says so.
 * @param {{ isTrue: () => Promise<boolean>, shouldGiveUp?: () => boolean, deadlineMs: number }} request
 */
export async function waitUntil({ isTrue, shouldGiveUp = () => false, deadlineMs }) {
  const deadline = Date.now() + deadlineMs;
  while (Date.now() < deadline && !shouldGiveUp()) {
    if (await isTrue()) return true;
    await delay(pollIntervalMs);
  }
  return false;
}
