import { closeSync, fstatSync, openSync, readSync } from "node:fs";

const tailBytes = 16 * 1024;

/** The line of a process's output that says best why it ended. */
export function lastWord(output: string): string {
  const lines = output.split("\n").filter((line) => /\S/.test(line) && !isStackTrace(line));
  const error = lines.findLast((line) => isError(line)) ?? lines.at(-1);
  return error === undefined ? "it gave no reason" : messageOf(error);
}

/** The same from the end of its log file. */
export function lastWordOf(logFile: string): string {
  try {
    const file = openSync(logFile, "r");
    try {
      const { size } = fstatSync(file);
      const tail = Buffer.alloc(Math.min(size, tailBytes));
      readSync(file, tail, 0, tail.length, size - tail.length);
      return lastWord(tail.toString("utf8"));
    } finally {
      closeSync(file);
    }
  } catch {
    return "it left no log";
  }
}

function isStackTrace(line: string): boolean {
  return /^\s+at |^Node\.js v|^\s*\^+\s*$|^\s*[{}],?\s*$/.test(line);
}

function isError(line: string): boolean {
  return /^(\S+: )?\w*Error\b|"level":("error"|"fatal"|50|60)|FATAL:|PANIC:/.test(line);
}

function messageOf(line: string): string {
  try {
    const entry: unknown = JSON.parse(line);
    if (typeof entry === "object" && entry !== null && "msg" in entry) return String(entry.msg);
  } catch {
    // Not a JSON log: the line itself.
  }
  return line.trim();
}
