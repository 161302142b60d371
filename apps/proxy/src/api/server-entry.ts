import { z } from "zod";

const entrySizeMax = 64 * 1024;

/** A new server as a person gives it: its name, and what stands under it in the config file. */
export const newServerSchema = z.object({
  name: z.string().min(1).max(64),
  entry: z
    .record(z.string().max(100), z.json())
    .refine((entry) => JSON.stringify(entry).length <= entrySizeMax, { error: "is larger than 64 KiB." }),
});
