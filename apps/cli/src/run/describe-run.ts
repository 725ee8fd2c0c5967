import type { Run } from "@heddle/client";
import type { SavedItem } from "./save-outputs.ts";

/** A run that ended, for people. */
export function describeRun(run: Run, outputs: Record<string, SavedItem[]>): string[] {
  const steps = run.steps.filter(({ item }) => item === null);
  const reused = steps.filter(({ cached }) => cached).length;
  const facts = [
    `${run.run.id} ${run.run.status.toLowerCase()}`,
    `${steps.length} steps${reused === 0 ? "" : `, ${reused} reused`}`,
    `${(run.cost.deviceMs / 1000).toFixed(2)} s of device time`,
    `${run.cost.usd.toFixed(5)} USD`,
  ];
  const made = Object.entries(outputs).flatMap(([name, items]) =>
    items.map((item) => describeItem(name, item)),
  );
  const error =
    run.error === null
      ? []
      : [`  ${run.error.message}  [${run.error.nodeId ?? ""} ${run.error.code}]`];
  return [facts.join(" · "), ...made, ...error];
}

function describeItem(name: string, item: SavedItem): string {
  if (item.url === null && item.file === null) return `  ${name}  ${item.text}`;
  const size = item.width === null ? "" : `  ${item.width}×${item.height}`;
  return `  ${name}  ${item.file ?? item.url}${size}`;
}
