import { dollars, seconds } from "../words/amounts.ts";
import { OutputPicture } from "./output-picture.tsx";
import { RunStatusLabel } from "./run-status.tsx";
import type { WaterfallRow } from "./waterfall-rows.ts";

/** What is known about one step: its result, its times, its price, its error. */
export function StepFacts({ row }: { readonly row: WaterfallRow }) {
  const { step } = row;
  const timing = step.timing;
  return (
    <aside
      aria-label={`Step ${row.title}`}
      className="self-start rounded-ui bg-panel ring-1 ring-line"
    >
      <div className="flex items-center gap-2 p-4">
        <h2 className="min-w-0 flex-1 truncate text-15 font-semibold">
          {row.title} <span className="text-12 font-normal text-ink-3">{row.detail}</span>
        </h2>
        <RunStatusLabel status={step.status} />
      </div>
      <OutputPicture outputs={step.outputs} alt={row.title} />
      {step.error !== null && (
        <p className="mx-4 mb-4 rounded-ui bg-danger-soft p-3 text-danger">{step.error.message}</p>
      )}
      <dl className="grid grid-cols-[1fr_auto] gap-y-1 border-t border-line p-4 text-12">
        {step.cached ? (
          <Fact
            label="Reused"
            value={step.fromRunId === null ? "from an earlier run" : "from an earlier run, free"}
          />
        ) : (
          timing !== null && (
            <>
              <Fact label="Queued" value={seconds(timing.queuedMs)} />
              <Fact label="Loading" value={seconds(timing.loadMs)} />
              <Fact label="Computing" value={seconds(timing.deviceMs)} />
            </>
          )
        )}
        <Fact label="Cost" value={dollars(step.costUsd, 5)} />
        {step.attempt > 1 && <Fact label="Attempts" value={String(step.attempt)} />}
      </dl>
    </aside>
  );
}

function Fact({ label, value }: { readonly label: string; readonly value: string }) {
  return (
    <>
      <dt className="text-ink-2">{label}</dt>
      <dd className="text-right">{value}</dd>
    </>
  );
}
