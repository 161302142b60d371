import { join } from "node:path";
import { chromium, type Page } from "@playwright/test";
import { chromiumFlags, chromiumPath } from "../harness/chromium.ts";
import type { Product } from "../harness/product.ts";

/** As low as the lowest page; a picture grows with its page. */
const viewport = { width: 1280, height: 360 };

/** Saves pages of the dashboard as a person sees them, in light; gives the files. */
export async function photograph(request: {
  readonly product: Product;
  readonly pictures: readonly { readonly path: string; readonly file: string }[];
  readonly folder: string;
}): Promise<readonly string[]> {
  const { product, pictures, folder } = request;
  const browser = await chromium.launch({
    args: chromiumFlags,
    ...(chromiumPath !== undefined && { executablePath: chromiumPath }),
  });
  try {
    const page = await browser.newPage({ viewport, colorScheme: "light" });
    await page.goto(await product.loginUrl());
    const files: string[] = [];
    for (const { path, file } of pictures) {
      await openSettled(page, `${product.webUrl}${path}`);
      await page.screenshot({ path: join(folder, file), fullPage: true });
      files.push(join(folder, file));
    }
    return files;
  } finally {
    await browser.close();
  }
}

/** Opens a page and waits until the fonts are there and the live feed has brought its first readings. */
async function openSettled(page: Page, url: string): Promise<void> {
  await page.goto(url);
  await page.getByText("Live", { exact: true }).waitFor();
  await page.evaluate(() => document.fonts.ready.then(() => undefined));
}
