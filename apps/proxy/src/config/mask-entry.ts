import { configValueAt, editConfig, type ConfigEdit } from "@mcpproxy/config-schema/edit-config";
import type { Redactor } from "@mcpproxy/core/redaction/redact";

const mask = "***";
/** A value that only names where the secret is. */
const onlyReferences = /^(?:\$\{(?:env|file):[^}]*\})+$/;
/** `NAME=value` as an argument of its own, or behind `-e` and `--env`. */
const assignment = /^((?:-e|--env)?[= ]?[A-Za-z_]\w*=).+$/s;

/** The text of a server's entry as it may be shown: values of env and headers are masked, the layout stays. */
export function maskEntry(text: string, redact: Redactor): string {
  const edits: ConfigEdit[] = [...maskedMembers(text, "env"), ...maskedMembers(text, "headers"), ...maskedArgs(text)];
  const masked = editConfig(text, edits);
  // An entry that cannot be edited cannot be masked either.
  return redact(masked.ok ? masked.value : "");
}

function maskedMembers(text: string, key: string): readonly ConfigEdit[] {
  const members = configValueAt(text, [key]);
  if (typeof members !== "object" || members === null) return [];
  return Object.entries(members).flatMap(([name, value]): readonly ConfigEdit[] =>
    typeof value === "string" && (value === "" || onlyReferences.test(value))
      ? []
      : [{ kind: "set", path: [key, name], value: mask }],
  );
}

function maskedArgs(text: string): readonly ConfigEdit[] {
  const args = configValueAt(text, ["isolation", "extra_args"]);
  if (!Array.isArray(args)) return [];
  return args.flatMap((argument: unknown, index): readonly ConfigEdit[] => {
    const [, start] = typeof argument === "string" ? (assignment.exec(argument) ?? []) : [];
    return start === undefined
      ? []
      : [{ kind: "set", path: ["isolation", "extra_args", index], value: `${start}${mask}` }];
  });
}
