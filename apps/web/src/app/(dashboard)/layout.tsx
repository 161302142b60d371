import { dehydrate, HydrationBoundary } from "@tanstack/react-query";
import { cookies } from "next/headers";
import type { ReactNode } from "react";
import { KeyboardShortcuts } from "../../keyboard/keyboard-shortcuts.tsx";
import { ConnectionBanner } from "../../live/connection-banner.tsx";
import { AppHeader } from "../../shell/app-header.tsx";
import { AppProviders } from "../../shell/app-providers.tsx";
import { SkipLink } from "../../shell/skip-link.tsx";
import { parseTheme, themeCookieName } from "../../theme/theme.ts";
import { prefetch } from "../../trpc/prefetch.ts";
import { openServerData } from "../../trpc/server-data.ts";

export default async function DashboardLayout({ children }: { children: ReactNode }) {
  const { queryClient, trpc } = await openServerData();
  await prefetch([queryClient.fetchQuery(trpc.status.queryOptions())]);
  const theme = parseTheme((await cookies()).get(themeCookieName)?.value);
  return (
    <AppProviders renderedAtMs={Date.now()}>
      <SkipLink />
      <KeyboardShortcuts />
      <div className="mx-auto max-w-[96rem] lg:flex">
        <AppHeader theme={theme} />
        <main
          id="content"
          tabIndex={-1}
          className="flex w-full min-w-0 flex-col gap-4 px-4 pt-4 pb-16 outline-none sm:px-6 lg:pt-5"
        >
          <ConnectionBanner />
          <HydrationBoundary state={dehydrate(queryClient)}>{children}</HydrationBoundary>
        </main>
      </div>
    </AppProviders>
  );
}
