import { AxeBuilder } from "@axe-core/playwright";
import { expect, type Page } from "@playwright/test";
import type { Product } from "./product.ts";

export const themes = ["light", "dark"] as const;
export type Theme = (typeof themes)[number];

/** Opens a new one-time link and waits for the Overview. */
export async function logIn(page: Page, product: Product): Promise<void> {
  await page.goto(await product.loginUrl());
  await expect(page).toHaveURL(`${product.webUrl}/overview`);
}

/** Plants a mark that only lives until the next load of the page. */
export async function markPage(page: Page): Promise<void> {
  await page.evaluate(() => document.documentElement.setAttribute("data-e2e-mark", "set"));
}

/** Proves that the page has not been loaded again since `markPage`. */
export async function expectSamePage(page: Page): Promise<void> {
  expect(await page.evaluate(() => document.documentElement.getAttribute("data-e2e-mark"))).toBe("set");
}

/** Violations that axe calls serious or critical, one line each. */
export async function seriousViolations(page: Page): Promise<readonly string[]> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  return violations
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .map(({ id, help, nodes }) => `${id}: ${help} (${nodes.map(({ html }) => html.slice(0, 160)).join(" | ")})`);
}

/** Notes when a text is first on the page, by the browser's own clock; ask `textSeenAt` for it later. */
export async function watchForText(page: Page, wanted: string): Promise<void> {
  await page.evaluate((text) => {
    const root = document.documentElement;
    const look = () => {
      if (!root.hasAttribute("data-e2e-seen-at") && document.body.innerText.includes(text))
        root.setAttribute("data-e2e-seen-at", String(Date.now()));
    };
    new MutationObserver(look).observe(document.body, { subtree: true, childList: true, characterData: true });
    look();
  }, wanted);
}

/** When the watched text appeared, in epoch milliseconds; undefined as long as it has not. */
export async function textSeenAt(page: Page): Promise<number | undefined> {
  const seenAt = await page.evaluate(() => document.documentElement.getAttribute("data-e2e-seen-at"));
  return seenAt === null ? undefined : Number(seenAt);
}

/** How bright the page's background is, 0 to 255. */
export function backgroundBrightness(page: Page): Promise<number> {
  return page.evaluate(() => {
    const canvas = document.createElement("canvas").getContext("2d");
    if (canvas === null) throw new Error("No canvas");
    canvas.fillStyle = getComputedStyle(document.body).backgroundColor;
    canvas.fillRect(0, 0, 1, 1);
    const [red = 0, green = 0, blue = 0] = canvas.getImageData(0, 0, 1, 1).data;
    return (red + green + blue) / 3;
  });
}
