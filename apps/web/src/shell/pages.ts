import type { IconName } from "../ui/icon.tsx";

/** A page of the main navigation. */
export interface MainPage {
  readonly href: string;
  readonly label: string;
  readonly icon: IconName;
  /** Pressed after "g". */
  readonly key: string;
}

/** In the order of the navigation; what a person looks at daily comes first. */
export const mainPages: readonly MainPage[] = [
  { href: "/overview", label: "Overview", icon: "home", key: "o" },
  { href: "/review", label: "Review", icon: "inbox", key: "v" },
  { href: "/servers", label: "Servers", icon: "host", key: "s" },
  { href: "/runs", label: "Runs", icon: "play", key: "r" },
  { href: "/logs", label: "Logs", icon: "lines", key: "l" },
  { href: "/docker", label: "Docker", icon: "box", key: "d" },
];

/** Whether a path belongs to the page. */
export function isWithin(path: string, { href }: Pick<MainPage, "href">): boolean {
  return path === href || path.startsWith(`${href}/`);
}
