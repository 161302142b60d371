import type { DoctorReport, DoctorStep } from "@mcpproxy/core/doctor/doctor-report";
import { StatusBadge } from "../status/status-badge.tsx";
import { TextBlock } from "../ui/text-block.tsx";
import { ApplyChangeButton } from "./apply-change-button.tsx";
import { stepWords } from "./step-words.ts";

const fixStep = 6;

/** The steps of an examination: how each came out, what was found, what to do, and the changes to apply. */
export function ExaminationReport({ report, isServerRunning }: { report: DoctorReport; isServerRunning: boolean }) {
  return (
    <ol aria-label="Examination" className="flex flex-col text-[13px]">
      {report.steps.map((step) => (
        <li
          key={step.step}
          className="grid gap-x-3 gap-y-1 border-t border-line py-2 first:border-t-0 sm:grid-cols-[9.5rem_6rem_minmax(0,1fr)]"
        >
          <span className="tabular-nums">
            <span className="text-soft">{step.step}</span> {step.title}
          </span>
          <div>
            <StatusBadge status={stepWords[step.status]} />
          </div>
          <div className="flex min-w-0 flex-col gap-1.5 wrap-anywhere">
            {step.step === fixStep && report.fixes.length > 0 ? (
              <Fixes report={report} isServerRunning={isServerRunning} />
            ) : (
              <StepFindings step={step} />
            )}
          </div>
        </li>
      ))}
    </ol>
  );
}

function StepFindings({ step }: { step: DoctorStep }) {
  return (
    <>
      <p>
        {step.found} {step.remedy !== null && <span className="text-soft">{step.remedy}</span>}
      </p>
      {step.lines.length > 0 && <TextBlock label={`Lines of step ${step.step}`}>{step.lines.join("\n")}</TextBlock>}
    </>
  );
}

/** In the place of the step's own words, which tell how to do the same on the command line. */
function Fixes({ report, isServerRunning }: { report: DoctorReport; isServerRunning: boolean }) {
  return (
    <ul className="flex flex-col gap-2">
      {report.fixes.map(({ reason, change }) => (
        <li key={`${change.key}:${change.value}`} className="flex flex-col gap-1.5">
          <p>{reason}</p>
          <ApplyChangeButton server={report.server} change={change} isServerRunning={isServerRunning}>
            Apply
          </ApplyChangeButton>
        </li>
      ))}
    </ul>
  );
}
