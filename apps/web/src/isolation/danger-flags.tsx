import { Icon } from "../ui/icon.tsx";

/** Red flags with icon and words, for every place where a dangerous server appears. */
export function DangerFlags({ dangers }: { dangers: readonly string[] }) {
  if (dangers.length === 0) return null;
  return (
    <span className="inline-flex flex-wrap gap-x-2 gap-y-1">
      {dangers.map((danger) => (
        <span
          key={danger}
          className="inline-flex items-start gap-1 font-medium whitespace-nowrap text-bad"
          title="It has power over this machine."
        >
          <Icon name="octagon" className="mt-[0.15em] size-3.5" />
          {danger}
        </span>
      ))}
    </span>
  );
}
