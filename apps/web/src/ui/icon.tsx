/** Paths on a 16 by 16 grid, stroked with the text colour. */
const paths = {
  check: "M3.5 8.5l3 3 6-7",
  cross: "M4.5 4.5l7 7m0-7l-7 7",
  dash: "M4 8h8",
  triangle: "M8 2.5l6 11H2zM8 6.5v3.2m0 1.7v.2",
  octagon: "M5.5 2h5L14 5.5v5L10.5 14h-5L2 10.5v-5zM8 5v3.6m0 2.2v.2",
  pencil: "M3 13l.7-3 6.8-6.8 2.3 2.3L6 12.3z",
  forbidden: "M8 2a6 6 0 100 12A6 6 0 008 2zM4 4l8 8",
  square: "M4.5 4.5h7v7h-7z",
  ring: "M8 2.5a5.5 5.5 0 105.5 5.5",
  plug: "M6 2v3m4-3v3M4 5h8v2.5a4 4 0 01-8 0zM8 11.5V14",
  play: "M5 3.5l7 4.5-7 4.5z",
  restart: "M13 8a5 5 0 11-1.5-3.5M12 1.8v3h-3",
  copy: "M6 6h7v7H6zM10 6V3H3v7h3",
  info: "M8 2a6 6 0 100 12A6 6 0 008 2zM8 7.3v3.5m0-5.9v.2",
  sun: "M8 5.2a2.8 2.8 0 100 5.6 2.8 2.8 0 000-5.6zM8 1.5v1.3m0 10.4v1.3M1.5 8h1.3m10.4 0h1.3M3.4 3.4l.9.9m7.4 7.4l.9.9m0-9.2l-.9.9m-7.4 7.4l-.9.9",
  moon: "M13.5 9.5A5.8 5.8 0 016.5 2.5a5.8 5.8 0 107 7z",
  display: "M2 3h12v8H2zM6 13.5h4",
  box: "M2.5 5L8 2l5.5 3v6L8 14l-5.5-3zM2.5 5L8 8l5.5-3M8 8v6",
  chevron: "M4 6.5l4 4 4-4",
  download: "M8 2.5v8m-3.5-3L8 11l3.5-3.5M3 13.5h10",
  clock: "M8 2a6 6 0 100 12A6 6 0 008 2zM8 5v3.2l2.2 1.4",
  columns: "M2.5 3h11v10h-11zM6.2 3v10M9.8 3v10",
  bookmark: "M4.5 2.5h7v11L8 10.8l-3.5 2.7z",
  "arrow-up": "M8 13V3.5M4 7l4-4 4 4",
  menu: "M2.5 4.5h11M2.5 8h11M2.5 11.5h11",
  home: "M2.5 7.5L8 3l5.5 4.5V13h-3.8V9.5H6.3V13H2.5z",
  inbox: "M2.5 9.5l2-6h7l2 6v3.5h-11zM2.5 9.5h3.2a2.3 2.3 0 004.6 0h3.2",
  lines: "M2.5 3.5h11M2.5 6.5h7M2.5 9.5h9M2.5 12.5h5",
  plus: "M8 3v10M3 8h10",
  host: "M2.5 3h11v4h-11zM2.5 9h11v4h-11zM5 5h.1M5 11h.1",
} as const;

export type IconName = keyof typeof paths;

/** A small line icon. Without a label it is decoration, and the text beside it says the same. */
export function Icon({ name, label, className = "" }: { name: IconName; label?: string; className?: string }) {
  const naming = label === undefined ? { "aria-hidden": true } : { role: "img", "aria-label": label };
  return (
    <svg
      {...naming}
      viewBox="0 0 16 16"
      className={`size-4 shrink-0 ${className}`}
      fill="none"
      stroke="currentColor"
      strokeWidth="1.5"
      strokeLinecap="round"
      strokeLinejoin="round"
    >
      <path d={paths[name]} />
    </svg>
  );
}
