import type { Metadata } from "next";
import { MessagePage } from "../../shell/message-page.tsx";

export const metadata: Metadata = { title: "Sign in" };

const titles: Record<string, string> = {
  refused: "This link was used before or has expired",
  "signed-out": "The browser session has ended",
  unreachable: "Cannot reach MCPProxy",
};

export default async function LoginPage({
  searchParams,
}: {
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}) {
  const { problem } = await searchParams;
  const known = typeof problem === "string" ? problem : "";
  return (
    <MessagePage title={titles[known] ?? "Sign in with a link"}>
      {known === "unreachable" ? (
        <p>
          The proxy did not answer, so the link could not be checked. See that <code>npm start</code> or{" "}
          <code>mcpproxy serve</code> runs, then open the same link again.
        </p>
      ) : (
        <p>
          Run <code className="rounded bg-sunken px-1 py-0.5 text-ink">mcpproxy login</code> for a new link, in the
          project's folder <code>node apps/proxy/bin/mcpproxy.mjs login</code>; <code>npm start</code> prints one too.
          Each link works once.
        </p>
      )}
      <p>
        Signed in already in this browser?{" "}
        <a className="link text-ink" href="/overview">
          Open the dashboard
        </a>
      </p>
    </MessagePage>
  );
}
