import type { LimitCards } from "../trpc/router-types.ts";
import { Section } from "../ui/section.tsx";
import { LimitCard } from "./limit-card.tsx";

/** Servers whose memory limit should be another, or was changed lately. */
export function LimitSection({ cards }: { cards: LimitCards }) {
  return (
    <Section title="Memory limits">
      {cards.length === 0 ? (
        <p className="border-t border-line py-3 text-[13px] text-soft">
          No limit stands out. A limit is too low when a server was killed at it, and too high when 20 runs, or those of
          three days, stayed below a quarter of it.
        </p>
      ) : (
        <ul className="flex flex-col">
          {cards.map((card) => (
            <LimitCard key={card.server} card={card} />
          ))}
        </ul>
      )}
    </Section>
  );
}
