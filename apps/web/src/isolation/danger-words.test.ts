import { expect, test } from "vitest";
import { dangersOfFindings, dangersOfRun } from "./danger-words.ts";

test("only dangers of a server are flagged, each kind once", () => {
  const findings = [
    { code: "dangerous_mount", severity: "danger" },
    { code: "dangerous_mount", severity: "danger" },
    { code: "dangerous_setting", severity: "danger" },
    { code: "over_ceiling", severity: "warning" },
    { code: "uv_bootstrap", severity: "hint" },
  ] as const;
  expect(dangersOfFindings(findings)).toEqual(["Dangerous mount", "Dangerous setting"]);
});

test("a run is flagged by what was in force", () => {
  const report = { score: 20, weaknesses: [], isHostNetwork: true, isPrivileged: true };
  expect(dangersOfRun({ isolation: "docker", isolationReport: report })).toEqual(["Host network", "Privileged"]);
  expect(dangersOfRun({ isolation: "docker", isolationReport: null })).toEqual([]);
  expect(dangersOfRun({ isolation: "none", isolationReport: null })).toEqual(["Not isolated"]);
});
