import { z } from "zod";

/** A separator that fits in one line of a form: `\n` stands for a line break, `\t` for a tab, `\\` for a backslash. */
export function separatorParam(separator: string) {
  return z
    .string()
    .max(100)
    .default(separator)
    .meta({ label: "Separator", help: "\\n stands for a line break, \\t for a tab." });
}

const escapes: Readonly<Record<string, string>> = { "\\n": "\n", "\\t": "\t", "\\\\": "\\" };

export function readSeparator(separator: string): string {
  return separator.replaceAll(/\\[nt\\]/g, (escape) => escapes[escape] ?? escape);
}
