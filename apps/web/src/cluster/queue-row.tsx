import { PanelRow } from "../settings/panel.tsx";
import { seconds } from "../words/amounts.ts";
import type { Cluster } from "./cluster-page.tsx";

/** What one model, or one op without a model, is wanted for. */
export function QueueRow({ queue }: { readonly queue: Cluster["queues"][number] }) {
  const { op, modelId, waiting, running, oldestMs } = queue;
  return (
    <PanelRow>
      <span className="min-w-0 flex-1 truncate max-md:basis-full">
        <span className="font-medium">{op}</span>
        {modelId !== null && <span className="ml-2 text-ink-2">{modelId}</span>}
      </span>
      <span className="text-12 text-ink-2">{running} under way</span>
      <span className="text-12 text-ink-2">
        {waiting} waiting{oldestMs === null ? "" : `, the first for ${seconds(oldestMs)}`}
      </span>
    </PanelRow>
  );
}
