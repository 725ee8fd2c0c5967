/** Milliseconds in words: `0.4 s`, `12 s`, `3 min 20 s`. */
export function seconds(ms: number): string {
  const value = ms / 1000;
  if (value === 0) return "0 s";
  if (value < 0.05) return "<0.1 s";
  if (value < 10) return `${value.toFixed(1)} s`;
  if (value < 60) return `${Math.round(value)} s`;
  const minutes = Math.floor(value / 60);
  const rest = Math.round(value - minutes * 60);
  return rest === 0 ? `${minutes} min` : `${minutes} min ${rest} s`;
}

/** An estimate in as few letters as can be; never less than a tenth of a second. */
export function roughSeconds(ms: number): string {
  return `~${seconds(ms === 0 ? 0 : Math.max(100, ms))}`;
}

/** US dollars with four decimals, five where amounts are added up; `$0` when nothing is paid. */
export function dollars(usd: number, decimals: 4 | 5 = 4): string {
  if (usd === 0) return "$0";
  const text = usd.toFixed(decimals);
  return Number(text) === 0 ? `<$${(10 ** -decimals).toFixed(decimals)}` : `$${text}`;
}

/** Bytes in the unit that reads best: `410 KB`, `1.2 MB`, `3.45 GB`. */
export function bytes(count: number): string {
  if (count < 1_000) return `${count} B`;
  if (count < 1_000_000) return `${Math.round(count / 1_000)} KB`;
  if (count < 1_000_000_000) return `${(count / 1_000_000).toFixed(1)} MB`;
  return `${(count / 1_000_000_000).toFixed(2)} GB`;
}

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;

/** How long ago, in words: `just now`, `4 min ago`, `yesterday`, `on 12 November`. */
export function ago(date: Date, nowMs: number): string {
  const elapsed = nowMs - date.getTime();
  if (elapsed < minuteMs) return "just now";
  if (elapsed < hourMs) return `${Math.floor(elapsed / minuteMs)} min ago`;
  if (elapsed < dayMs) return `${Math.floor(elapsed / hourMs)} h ago`;
  if (elapsed < 2 * dayMs) return "yesterday";
  return `on ${date.toLocaleDateString("en-GB", { day: "numeric", month: "long" })}`;
}
