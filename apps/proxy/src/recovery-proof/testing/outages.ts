import { z } from "zod";
import type { EngineOutage } from "../../store/store.ts";
import type { ProxyUnderTest } from "./proxy-under-test.ts";

// The API answers with exactly these records: both sides of it are typed by the same declaration.
const outagesSchema = z.object({ outages: z.array(z.custom<EngineOutage>()) });

/** Newest first. */
export async function readOutages(proxy: ProxyUnderTest): Promise<readonly EngineOutage[]> {
  return outagesSchema.parse(await proxy.rest("GET", "/docker/outages")).outages;
}
