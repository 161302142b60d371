"use client";

import { MessagePage } from "../shell/message-page.tsx";
import { Button } from "../ui/button.tsx";

export default function ErrorPage({ error, reset }: { error: Error & { digest?: string }; reset: () => void }) {
  return (
    <MessagePage title="The dashboard could not show this page">
      <p>
        This is a fault of the dashboard, not of your servers. Try again; if it stays, report it
        {error.digest === undefined ? (
          "."
        ) : (
          <>
            {" "}
            with the number <code>{error.digest}</code>.
          </>
        )}
      </p>
      <div>
        <Button icon="restart" onClick={reset}>
          Try again
        </Button>
      </div>
    </MessagePage>
  );
}
