import { AppError } from "@heddle/core";
import { z } from "zod";

/** One page of a list; `nextCursor` is null on the last one. */
export interface Page<Item> {
  readonly items: readonly Item[];
  readonly nextCursor: string | null;
}

export interface PageOptions {
  /** 1–200 */
  readonly limit: number;
  readonly cursor?: string | null | undefined;
}

const cursorSchema = z.tuple([z.iso.datetime(), z.string().max(64)]);
export type Cursor = z.infer<typeof cursorSchema>;

/** Where a page ended: time and id of its last row, so that rows added meanwhile move nothing. */
export function encodeCursor(cursor: Cursor): string {
  return Buffer.from(JSON.stringify(cursor)).toString("base64url");
}

/** Throws AppError `bad_request` for text that `encodeCursor` did not make. */
export function decodeCursor(text: string | null | undefined): Cursor | null {
  if (text === null || text === undefined) return null;
  const parsed = cursorSchema.safeParse(parseJson(Buffer.from(text, "base64url").toString("utf8")));
  if (!parsed.success) throw new AppError("bad_request", "This cursor is not one that Heddle gave");
  return parsed.data;
}

/** Cuts the one row more that was asked for, which tells whether another page follows. */
export function toPage<Row, Item>(
  rows: readonly Row[],
  limit: number,
  { item, cursor }: { item: (row: Row) => Item; cursor: (row: Row) => Cursor },
): Page<Item> {
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  return {
    items: shown.map(item),
    nextCursor: rows.length > limit && last !== undefined ? encodeCursor(cursor(last)) : null,
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
