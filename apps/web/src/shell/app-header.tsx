import { LiveIndicator } from "../live/live-indicator.tsx";
import type { Theme } from "../theme/theme.ts";
import { ThemeSwitch } from "../theme/theme-switch.tsx";
import { NavigationLinks } from "./navigation-links.tsx";

/** The bar on top of every page. */
export function AppHeader({ theme }: { theme: Theme }) {
  return (
    <header className="mx-auto flex h-14 w-full max-w-7xl items-center gap-3 px-4 sm:gap-6 sm:px-6">
      <span className="text-sm font-semibold tracking-tight max-sm:hidden">MCPProxy</span>
      <NavigationLinks />
      <div className="ml-auto flex items-center gap-3 sm:gap-4">
        <LiveIndicator />
        <ThemeSwitch initialTheme={theme} />
      </div>
    </header>
  );
}
