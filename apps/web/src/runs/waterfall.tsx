"use client";
import type { OutputItem } from "@heddle/api";
import { Dot, RefreshCcw } from "lucide-react";
import clsx from "clsx";
import { coverItem } from "../results/output-items.ts";
import { ResultThumb } from "../results/result-thumb.tsx";
import { Icon } from "../ui/icon.tsx";
import { MediaShape } from "../ui/media-shape.tsx";
import { dollars, seconds } from "../words/amounts.ts";
import type { Span, Waterfall as Layout, WaterfallRow } from "./waterfall-rows.ts";

export interface WaterfallProps {
  readonly layout: Layout;
  readonly selected: string | null;
  readonly onSelect: (key: string) => void;
  /** Sums of the rows, for the last line. */
  readonly total: { readonly deviceMs: number; readonly costUsd: number };
}

const columns =
  "grid grid-cols-[minmax(120px,240px)_minmax(0,1fr)_72px_80px] items-center gap-x-3 px-4";

/** The steps of a run over time: queued hollow, loading grey, computing in the accent, reused as a sign at its moment. */
export function Waterfall({ layout, selected, onSelect, total }: WaterfallProps) {
  return (
    <section
      aria-label="Steps over time"
      className="overflow-x-auto rounded-ui bg-panel ring-1 ring-line"
    >
      <div className="min-w-[640px]">
        <div className={clsx(columns, "h-9 border-b border-line text-11 text-ink-2")}>
          <span>Step</span>
          <Legend />
          <span className="text-right">Computing</span>
          <span className="text-right">Cost</span>
        </div>
        <Axis layout={layout} />
        <ul>
          {layout.rows.map((row) => (
            <Row
              key={row.key}
              row={row}
              endMs={layout.endMs}
              selected={row.key === selected}
              onSelect={() => onSelect(row.key)}
            />
          ))}
        </ul>
        <div className={clsx(columns, "h-10 border-t border-line font-medium")}>
          <span>Total</span>
          <span className="truncate text-12 font-normal text-ink-2">
            Only computing is paid for; loading and waiting are free.
          </span>
          <span className="text-right">{seconds(total.deviceMs)}</span>
          <span className="text-right">{dollars(total.costUsd, 5)}</span>
        </div>
      </div>
    </section>
  );
}

function Legend() {
  return (
    <span className="flex flex-wrap gap-x-4 text-ink-2">
      <span className="flex items-center gap-1.5">
        <i className="h-2 w-3.5 rounded-[2px] ring-1 ring-line-control ring-inset" />
        Queued
      </span>
      <span className="flex items-center gap-1.5">
        <i className="h-2 w-3.5 rounded-[2px] bg-line-control" />
        Loading
      </span>
      <span className="flex items-center gap-1.5">
        <i className="h-2 w-3.5 rounded-[2px] bg-accent-line" />
        Computing
      </span>
      <span className="flex items-center gap-1.5">
        <Icon of={RefreshCcw} size={12} />
        Reused
      </span>
    </span>
  );
}

function Axis({ layout }: { readonly layout: Layout }) {
  return (
    <div className={clsx(columns, "h-6 text-11 text-ink-3")} aria-hidden="true">
      <span />
      <span className="relative h-4">
        {layout.tickMs.map((ms) => (
          <span
            key={ms}
            className="absolute whitespace-nowrap"
            style={{ left: percent(ms, layout.endMs) }}
          >
            {ms < 1000 && layout.endMs < 1000
              ? `${Number(ms.toFixed(2))} ms`
              : `${Number((ms / 1000).toFixed(2))} s`}
          </span>
        ))}
      </span>
    </div>
  );
}

interface RowProps {
  readonly row: WaterfallRow;
  readonly endMs: number;
  readonly selected: boolean;
  readonly onSelect: () => void;
}

function Row({ row, endMs, selected, onSelect }: RowProps) {
  const deviceMs = row.step.timing?.deviceMs ?? 0;
  return (
    <li>
      <button
        type="button"
        aria-pressed={selected}
        onClick={onSelect}
        className={clsx(
          columns,
          "h-9 w-full text-left hover:bg-hover focus-visible:-outline-offset-2",
          selected && "bg-hover shadow-[inset_2px_0_0_var(--accent-line)]",
        )}
      >
        <span className="flex min-w-0 items-center gap-2">
          <span className="size-6 flex-none overflow-hidden rounded-in bg-raised">
            <RowCover cover={coverItem(row.step.outputs)} />
          </span>
          <span className="truncate">{row.title}</span>
          {row.detail !== "" && <span className="flex-none text-11 text-ink-3">{row.detail}</span>}
        </span>
        <span className="relative h-4">
          <Bar span={row.queued} endMs={endMs} className="ring-1 ring-line-control ring-inset" />
          <Bar span={row.loading} endMs={endMs} className="bg-line-control" />
          <Bar
            span={row.computing}
            endMs={endMs}
            className={row.step.status === "FAILED" ? "bg-danger" : "bg-accent-line"}
          />
          {row.momentMs !== null && (
            <span
              className="absolute top-0 flex items-center gap-1.5 text-11 text-ink-2"
              style={{ left: `min(${percent(row.momentMs, endMs)}, calc(100% - 60px))` }}
            >
              <Icon of={row.step.cached ? RefreshCcw : Dot} size={12} />
              {row.step.cached ? "reused" : ""}
            </span>
          )}
        </span>
        <span className={clsx("text-right", deviceMs === 0 && "text-ink-3")}>
          {seconds(deviceMs)}
        </span>
        <span className={clsx("text-right", row.step.costUsd === 0 && "text-ink-3")}>
          {dollars(row.step.costUsd, 5)}
        </span>
      </button>
    </li>
  );
}

/** What a step made, where it can be told in so small a square. */
function RowCover({ cover }: { readonly cover: OutputItem | undefined }) {
  if (cover === undefined) return null;
  if (cover.media === "image" || cover.media === "video") return <ResultThumb item={cover} />;
  return (
    <span className="grid size-full place-items-center">
      <MediaShape media={cover.media} size={8} />
    </span>
  );
}

function Bar({
  span,
  endMs,
  className,
}: {
  readonly span: Span | null;
  readonly endMs: number;
  readonly className: string;
}) {
  if (span === null) return null;
  return (
    <span
      className={clsx("absolute top-1 h-2 min-w-0.5 rounded-[2px]", className)}
      style={{ left: percent(span.fromMs, endMs), width: percent(span.toMs - span.fromMs, endMs) }}
    />
  );
}

function percent(ms: number, endMs: number): string {
  return `${Math.min(100, Math.max(0, (ms / endMs) * 100))}%`;
}
