import type { PolicyName } from "./policies.ts";

export interface PlotGroup {
  readonly title: string;
  readonly bars: readonly { readonly name: PolicyName; readonly load: number }[];
  /** The best that loads of no cost allow. */
  readonly bound: number;
}

/** Bars that are drawn, with colours that stand apart on white and on black, also for the colour-blind (Okabe and Ito). */
const shown: readonly {
  readonly name: PolicyName;
  readonly title: string;
  readonly colour: string;
}[] = [
  { name: "fifo", title: "FIFO + LRU", colour: "#999999" },
  { name: "hints", title: "match, else any", colour: "#e69f00" },
  { name: "pools", title: "static pools, tuned", colour: "#cc79a7" },
  { name: "fifo-ram", title: "FIFO + LRU, RAM tier", colour: "#56b4e9" },
  { name: "scan-ram", title: "hints that look at 64, RAM tier", colour: "#d55e00" },
  { name: "ours-no-prefetch", title: "Heddle without prefetch", colour: "#0072b2" },
  { name: "ours", title: "Heddle", colour: "#009e73" },
];

const width = 760;
const height = 430;
const left = 60;
const bottom = 330;
const top = 30;
const highest = 1.1;

/** Goodput by pool size and policy, as an SVG that is readable on light and dark pages. */
export function goodputPlot(groups: readonly PlotGroup[]): string {
  const groupWidth = (width - left - 20) / groups.length;
  const lines = [0, 0.2, 0.4, 0.6, 0.8, 1].map(
    (load) =>
      `<line class="grid" x1="${left}" x2="${width - 20}" y1="${y(load)}" y2="${y(load)}"/><text x="${left - 8}" y="${y(load) + 4}" text-anchor="end">${load.toFixed(1)}</text>`,
  );
  const bars = groups.map((group, place) =>
    drawGroup(group, left + place * groupWidth, groupWidth),
  );
  const legend = shown.map(({ title, colour }, place) => {
    const x = left + (place % 3) * 230;
    const row = bottom + 48 + Math.floor(place / 3) * 20;
    return `<rect x="${x}" y="${row - 10}" width="12" height="12" fill="${colour}"/><text x="${x + 18}" y="${row}">${title}</text>`;
  });
  const boundX = left + (shown.length % 3) * 230;
  const boundRow = bottom + 44 + Math.floor(shown.length / 3) * 20;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" role="img" aria-label="Simulated goodput by pool size and policy">
<style>text{font:12px system-ui,sans-serif;fill:#24292f}.grid{stroke:#d0d7de}.bound{stroke:#24292f;stroke-width:2;stroke-dasharray:5 3}@media (prefers-color-scheme:dark){text{fill:#e6edf3}.grid{stroke:#30363d}.bound{stroke:#e6edf3}}</style>
<text x="${left}" y="16">Load at which 90 % of the requests end in time (1 = every device computes all the time)</text>
${[...lines, ...bars, ...legend].join("\n")}
<line class="bound" x1="${boundX}" x2="${boundX + 14}" y1="${boundRow}" y2="${boundRow}"/><text x="${boundX + 18}" y="${boundRow + 4}">loads cost nothing</text>
</svg>
`;
}

function drawGroup(group: PlotGroup, fromX: number, groupWidth: number): string {
  const barWidth = (groupWidth - 24) / shown.length;
  const bars = shown.map(({ name, colour }, place) => {
    const load = group.bars.find((bar) => bar.name === name)?.load ?? 0;
    const x = fromX + 12 + place * barWidth;
    return `<rect x="${x.toFixed(1)}" y="${y(load)}" width="${(barWidth - 2).toFixed(1)}" height="${(bottom - y(load)).toFixed(1)}" fill="${colour}"/><text x="${(x + barWidth / 2 - 1).toFixed(1)}" y="${(y(load) - 4).toFixed(1)}" text-anchor="middle" style="font-size:10px">${load.toFixed(2)}</text>`;
  });
  const boundY = y(group.bound);
  return [
    ...bars,
    `<line class="bound" x1="${(fromX + 8).toFixed(1)}" x2="${(fromX + groupWidth - 8).toFixed(1)}" y1="${boundY}" y2="${boundY}"/>`,
    `<text x="${(fromX + groupWidth / 2).toFixed(1)}" y="${bottom + 20}" text-anchor="middle">${group.title}</text>`,
  ].join("\n");
}

function y(load: number): number {
  return Math.round((bottom - (load / highest) * (bottom - top)) * 10) / 10;
}
