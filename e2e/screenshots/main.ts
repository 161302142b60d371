import { join } from "node:path";
import { repository } from "../harness/repository.ts";
import { startProduct } from "../harness/product.ts";
import { buildHungryImage, hungryServer, removeHungryImage } from "./hungry-server.ts";
import { photograph } from "./photograph.ts";
import { useServers } from "./use-servers.ts";

const npxServers = ["everything", "memory"].map((name) => ({
  name,
  command: "npx",
  args: ["-y", `@modelcontextprotocol/server-${name}`],
}));

await buildHungryImage();
const product = await startProduct({
  config: { docker_isolation: { enabled: true }, mcpServers: [...npxServers, hungryServer] },
  dashboard: "started",
});
try {
  const ended = await useServers(product);
  const pictures = [
    { path: "/servers", file: "dashboard.png" },
    { path: `/runs/${ended.id}`, file: "run.png" },
  ];
  const folder = join(repository.root, "docs/images");
  for (const saved of await photograph({ product, pictures, folder })) process.stdout.write(`${saved}\n`);
} finally {
  await product.dispose();
  await removeHungryImage();
}
