import { expect, test } from "vitest";
import { parseStartOptions } from "./start-options.mjs";

test("flags become the variables that every command reads", () => {
  const options = parseStartOptions(["--yes", "--config", "/a/b.json", "--listen=127.0.0.1:9000"]);
  expect(options.isYes).toBe(true);
  expect(options.variables).toEqual({ MCPPROXY_CONFIG: "/a/b.json", MCPPROXY_LISTEN: "127.0.0.1:9000" });
});

test("a relative path is meant from the folder where the command was typed", () => {
  const { variables } = parseStartOptions(["--data-dir", "here"]);
  expect(variables.MCPPROXY_DATA_DIR).toBe(`${process.env.INIT_CWD ?? process.cwd()}/here`);
});

test.each([[["--lisen", "x"]], [["--config"]], [["--config="]]])("%j is refused with the usage", (argv) => {
  expect(() => parseStartOptions(argv)).toThrow(/npm start -- \[options\]/);
});
