import type { IsolationReport } from "@mcpproxy/core/run/run-record";

/** The score of a report with its weaknesses, one line each with how to close it. */
export function IsolationScore({ report }: { report: IsolationReport }) {
  return (
    <div className="flex flex-col gap-2 text-[13px]">
      <p className="flex items-center gap-3 tabular-nums">
        <span>
          Score <span className="text-base font-semibold">{report.score}</span>{" "}
          <span className="text-soft">of 100</span>
        </span>
        <svg aria-hidden viewBox="0 0 100 4" preserveAspectRatio="none" className="h-1 w-36 rounded-full">
          <rect width="100" height="4" className="fill-sunken-strong" />
          <rect width={report.score} height="4" className="fill-accent" />
        </svg>
      </p>
      {report.weaknesses.length === 0 ? (
        <p className="text-soft">No weakness was found in what is in force.</p>
      ) : (
        <ul aria-label="Weaknesses" className="flex flex-col">
          {report.weaknesses.map(({ code, points, message, remedy }) => (
            <li
              key={`${code}:${message}`}
              className="grid grid-cols-[2rem_minmax(0,1fr)] gap-x-3 border-t border-line py-1.5"
            >
              <span className="text-right text-soft tabular-nums">
                <span aria-hidden>−{points}</span>
                <span className="sr-only">{points} points less:</span>
              </span>
              <span className="min-w-0 wrap-anywhere">
                {message} <span className="text-soft">{remedy}</span>
              </span>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
