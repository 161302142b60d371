import { join } from "node:path";
import type { NextConfig } from "next";

const nextConfig: NextConfig = {
  transpilePackages: ["@mcpproxy/core", "@mcpproxy/config-schema"],
  turbopack: { root: join(import.meta.dirname, "../..") },
  poweredByHeader: false,
  reactStrictMode: true,
  agentRules: false,
  devIndicators: false,
};

export default nextConfig;
