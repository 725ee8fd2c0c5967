/**
 * JSON text that Postgres takes as jsonb. It refuses NUL and halves of surrogate pairs, which JSON allows: they are
 * removed and replaced (U+FFFD), since one such character must not make a run impossible to write down.
 */
export function toJsonb(value: unknown): string {
  const text = JSON.stringify(value);
  return /\\u0000|\\ud[89a-f]/i.test(text) ? JSON.stringify(value, cleanText) : text;
}

function cleanText(_key: string, value: unknown): unknown {
  if (typeof value === "string") return cleanString(value);
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, entry]) => [cleanString(key), entry]));
}

function cleanString(text: string): string {
  return text.replaceAll("\u0000", "").replace(/\p{Surrogate}/gu, "\uFFFD");
}
