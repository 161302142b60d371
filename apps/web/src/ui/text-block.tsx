/** Lines of output in a region of its own that scrolls and can be reached with the keyboard. */
export function TextBlock({ label, text, isWrapped = false }: { label: string; text: string; isWrapped?: boolean }) {
  return (
    <pre
      role="region"
      aria-label={label}
      tabIndex={0}
      className={`max-h-80 overflow-auto rounded-md bg-sunken px-3 py-2 font-mono text-xs leading-5 ${isWrapped ? "wrap-anywhere whitespace-pre-wrap" : ""}`}
    >
      {text}
    </pre>
  );
}
