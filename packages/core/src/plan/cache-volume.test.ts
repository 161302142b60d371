import { expect, it } from "vitest";
import { cacheEnv, cacheFolder, offlineEnv, ownCacheFolder, usesCache } from "./cache-volume.ts";

it.each([
  ["1000", { name: "user-1000", userId: 1000, groupId: 0, mode: 0o755 }],
  ["1000:1001", { name: "user-1000", userId: 1000, groupId: 1001, mode: 0o755 }],
  ["0", { name: "user-0", userId: 0, groupId: 0, mode: 0o755 }],
  ["node", { name: "user-node", userId: 0, groupId: 0, mode: 0o777 }],
  ["a/b:c d", { name: "user-a-b-c-d", userId: 0, groupId: 0, mode: 0o777 }],
  [undefined, { name: "user-of-image", userId: 0, groupId: 0, mode: 0o777 }],
])("gives the user %s a folder of its own", (user, folder) => {
  expect(ownCacheFolder(user)).toEqual({ ...folder, path: `${cacheFolder}/${folder.name}` });
});

it("points every cache of a runtime to that folder, except where the user says otherwise", () => {
  const env = cacheEnv("bunx", { user: "1000", taken: new Set(["BUN_TMPDIR"]) });
  expect(env).toEqual([{ name: "BUN_INSTALL_CACHE_DIR", value: `${cacheFolder}/user-1000/bun`, isSecret: false }]);
});

it("has no use for a cache where nothing is downloaded", () => {
  expect(usesCache("node")).toBe(false);
  expect(cacheEnv("node", { user: undefined, taken: new Set() })).toEqual([]);
});

it("tells a package manager without network to take what it has, unless the user says otherwise", () => {
  expect(offlineEnv("npx", new Set())).toEqual([{ name: "npm_config_offline", value: "true", isSecret: false }]);
  expect(offlineEnv("uvx", new Set())).toEqual([{ name: "UV_OFFLINE", value: "1", isSecret: false }]);
  expect(offlineEnv("npx", new Set(["npm_config_offline"]))).toEqual([]);
  expect(offlineEnv("node", new Set())).toEqual([]);
});
