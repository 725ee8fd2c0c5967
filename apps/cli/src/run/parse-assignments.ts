import { Fatal } from "../fatal.ts";

/** `k=v` or `k=@file`, as given on the command line. */
export interface Assignment {
  readonly name: string;
  readonly value: string;
  readonly isFile: boolean;
}

/** @throws Fatal for what has no `=`. */
export function parseAssignments(given: readonly string[]): Assignment[] {
  return given.map((text) => {
    const equals = text.indexOf("=");
    if (equals < 1) throw new Fatal(`--input ${text}: must be name=value or name=@file`);
    const value = text.slice(equals + 1);
    const isFile = value.startsWith("@");
    return { name: text.slice(0, equals), value: isFile ? value.slice(1) : value, isFile };
  });
}
