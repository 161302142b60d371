import { LiveIndicator } from "../live/live-indicator.tsx";
import type { Theme } from "../theme/theme.ts";
import { ThemeSwitch } from "../theme/theme-switch.tsx";
import { Icon } from "../ui/icon.tsx";
import { NavigationLinks } from "./navigation-links.tsx";

const menuId = "main-menu";

/** The frame's first part: a column at the left on wide screens, a bar with a menu on narrow ones. */
export function AppHeader({ theme }: { theme: Theme }) {
  return (
    <header className="flex items-center gap-3 px-4 pt-3 max-lg:pb-1 lg:sticky lg:top-0 lg:h-dvh lg:w-48 lg:shrink-0 lg:flex-col lg:items-stretch lg:gap-4 lg:px-3 lg:py-5">
      <button
        type="button"
        popoverTarget={menuId}
        aria-label="Menu"
        className="grid size-8 place-items-center rounded-md border border-line bg-surface lg:hidden"
      >
        <Icon name="menu" />
      </button>
      <span className="px-2 text-sm font-semibold tracking-tight">MCPProxy</span>
      <div
        id={menuId}
        popover="auto"
        className="menu-popover max-lg:fixed max-lg:top-14 max-lg:left-4 max-lg:m-0 max-lg:w-56 max-lg:rounded-lg max-lg:bg-surface max-lg:p-2 max-lg:text-ink max-lg:shadow-xl"
      >
        <NavigationLinks />
      </div>
      <div className="ml-auto flex items-center gap-3 lg:mt-auto lg:ml-0 lg:flex-col lg:items-start lg:px-2">
        <LiveIndicator />
        <ThemeSwitch initialTheme={theme} />
      </div>
    </header>
  );
}
