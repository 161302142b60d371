import { formatDuration } from "@mcpproxy/core/format/duration";
import type { ReadingCurve } from "./reading-curve.ts";

export interface CurveFigureProps {
  /** What is drawn: "Memory", "CPU". */
  readonly name: string;
  readonly curve: ReadingCurve;
  readonly format: (value: number) => string;
  readonly limit: number | null;
  /** What ended the run at the last reading. */
  readonly killMark?: string | undefined;
}

/** A curve with the line of its limit, and a cross where the run was killed. */
export function CurveFigure({ name, curve, format, limit, killMark }: CurveFigureProps) {
  const limitText = limit === null ? undefined : format(limit);
  const parts = [
    `${name} over ${formatDuration(curve.spanMs)}, at most ${format(curve.highest)}`,
    ...(limitText === undefined ? [] : [`limit ${limitText}`]),
    ...(killMark === undefined ? [] : [killMark]),
  ];
  return (
    <figure>
      <div className="relative">
        <svg
          role="img"
          aria-label={parts.join(", ")}
          viewBox="0 0 1000 100"
          preserveAspectRatio="none"
          className="h-32 w-full overflow-visible border-b border-line"
        >
          <path d={curve.areaPath} className="fill-accent/12" />
          <path
            d={curve.linePath}
            fill="none"
            className="stroke-accent"
            strokeWidth="1.5"
            vectorEffect="non-scaling-stroke"
          />
          {curve.limitY !== undefined && (
            <Dashed from={[0, curve.limitY]} to={[1_000, curve.limitY]} className="stroke-bad" />
          )}
          {killMark !== undefined && <KillCross {...curve.end} />}
        </svg>
      </div>
      <figcaption className="mt-1 flex flex-wrap justify-between gap-x-4 text-xs text-soft tabular-nums">
        <span>start</span>
        {limitText !== undefined && (
          <span>
            <span aria-hidden className="text-bad">
              ┄
            </span>{" "}
            limit {limitText}
          </span>
        )}
        <span>
          {killMark !== undefined && (
            <>
              <span aria-hidden className="text-bad">
                ✕
              </span>{" "}
              {killMark},{" "}
            </>
          )}
          {formatDuration(curve.spanMs)}
        </span>
      </figcaption>
    </figure>
  );
}

type Point = readonly [x: number, y: number];

function Dashed({ from, to, className }: { from: Point; to: Point; className: string }) {
  return (
    <line
      x1={from[0]}
      y1={from[1]}
      x2={to[0]}
      y2={to[1]}
      className={className}
      strokeWidth="1"
      strokeDasharray="4 3"
      vectorEffect="non-scaling-stroke"
    />
  );
}

/** The drawing is stretched to its box; a line without length keeps its round end, and so its shape. */
function KillCross({ x, y }: { x: number; y: number }) {
  return (
    <>
      <Dashed from={[x, 0]} to={[x, 100]} className="stroke-bad" />
      <path
        d={`M${x} ${y}h0`}
        className="stroke-bad"
        strokeWidth="8"
        strokeLinecap="round"
        vectorEffect="non-scaling-stroke"
      />
    </>
  );
}
