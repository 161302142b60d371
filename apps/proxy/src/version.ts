import manifest from "../package.json" with { type: "json" };

/** The version that clients, servers and the API are told. */
export const version = manifest.version;
