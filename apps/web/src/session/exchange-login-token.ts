import { z } from "zod";

const answerSchema = z.object({
  success: z.literal(true),
  data: z.object({ secret: z.string().min(1), expiresAt: z.iso.datetime({ offset: true }) }),
});

export type LoginExchange =
  | { readonly kind: "signed-in"; readonly secret: string; readonly expiresAt: Date }
  | { readonly kind: "refused" }
  | { readonly kind: "unreachable" };

/** Trades a one-time token for the secret of a new browser session. */
export async function exchangeLoginToken({
  proxyUrl,
  token,
}: {
  proxyUrl: string;
  token: string;
}): Promise<LoginExchange> {
  let response: Response;
  try {
    response = await fetch(`${proxyUrl}/api/v1/browser-sessions`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ token }),
      signal: AbortSignal.timeout(5_000),
      cache: "no-store",
    });
  } catch {
    return { kind: "unreachable" };
  }
  if (response.status >= 500) return { kind: "unreachable" };
  const answer = answerSchema.safeParse(await response.json().catch(() => undefined));
  if (!response.ok || !answer.success) return { kind: "refused" };
  return { kind: "signed-in", secret: answer.data.data.secret, expiresAt: new Date(answer.data.data.expiresAt) };
}
