import type { Metadata } from "next";
import Link from "next/link";
import { MessagePage } from "../shell/message-page.tsx";

export const metadata: Metadata = { title: "Not found" };

export default function NotFoundPage() {
  return (
    <MessagePage title="There is no such page">
      <p>
        Go to{" "}
        <Link className="link text-ink" href="/overview">
          Overview
        </Link>{" "}
        or{" "}
        <Link className="link text-ink" href="/runs">
          Runs
        </Link>
        .
      </p>
    </MessagePage>
  );
}
