import { expect, it } from "vitest";
import { parseLdd } from "./shared-libraries.ts";

it("reads libraries and loader, not the kernel's own", () => {
  const output = [
    "\tlinux-vdso.so.1 (0x00007ffd)",
    "\tlibm.so.6 => /lib/x86_64-linux-gnu/libm.so.6 (0x00007f01)",
    "\tlibgone.so => not found",
    "\t/lib64/ld-linux-x86-64.so.2 (0x00007f02)",
  ].join("\n");
  expect(parseLdd(output)).toEqual(["/lib/x86_64-linux-gnu/libm.so.6", "/lib64/ld-linux-x86-64.so.2"]);
});
