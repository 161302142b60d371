"use client";

import { useState } from "react";
import { Icon, type IconName } from "../ui/icon.tsx";
import { themeCookieName, themes, type Theme } from "./theme.ts";

const icons: Record<Theme, IconName> = { system: "display", light: "sun", dark: "moon" };
const labels: Record<Theme, string> = { system: "Theme of the system", light: "Light theme", dark: "Dark theme" };
const yearSeconds = 31_536_000;

/** Light, dark or as the system. Kept in a cookie, so that the server sends the right colours at once. */
export function ThemeSwitch({ initialTheme }: { initialTheme: Theme }) {
  const [theme, setTheme] = useState(initialTheme);
  const choose = (chosen: Theme): void => {
    setTheme(chosen);
    document.documentElement.dataset["theme"] = chosen;
    document.cookie = `${themeCookieName}=${chosen}; path=/; max-age=${yearSeconds}; samesite=lax`;
  };
  return (
    <div role="group" aria-label="Theme" className="flex rounded-md bg-sunken p-0.5">
      {themes.map((each) => (
        <button
          key={each}
          type="button"
          aria-pressed={theme === each}
          title={labels[each]}
          onClick={() => choose(each)}
          className="grid size-6 place-items-center rounded text-soft hover:text-ink aria-pressed:bg-surface aria-pressed:text-ink aria-pressed:shadow-xs"
        >
          <Icon name={icons[each]} label={labels[each]} />
        </button>
      ))}
    </div>
  );
}
