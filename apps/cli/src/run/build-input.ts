import { openAsBlob, readFileSync } from "node:fs";
import { open } from "node:fs/promises";
import path from "node:path";
import { HeddleError, type Client } from "@heddle/client";
import { Fatal } from "../fatal.ts";
import type { Assignment } from "./parse-assignments.ts";

/** What an input takes, by name: `image`, `text`, `list of number`, … */
export type InputTypes = ReadonlyMap<string, string>;

interface BuildInputRequest {
  readonly assignments: readonly Assignment[];
  readonly types: InputTypes;
  readonly client: Client;
  readonly say: (line: string) => void;
}

/**
 * The `input` of a run. Files of file inputs are uploaded, files of text inputs are read; an input that is named several
 * times, or whose value is a JSON array, is a list. Anything else goes to the server as it is, which knows better.
 */
export async function buildInput({
  assignments,
  types,
  client,
  say,
}: BuildInputRequest): Promise<Record<string, unknown>> {
  const input = new Map<string, unknown>();
  for (const assignment of assignments) {
    const type = types.get(assignment.name) ?? "text";
    const value = await valueOf(assignment, type, { client, say });
    const before = input.get(assignment.name);
    if (before === undefined) input.set(assignment.name, value);
    else if (type.startsWith("list of ")) input.set(assignment.name, [before, value].flat());
    else throw new Fatal(`--input ${assignment.name} is given twice, but takes one value`);
  }
  return Object.fromEntries(input);
}

async function valueOf(
  { name, value, isFile }: Assignment,
  type: string,
  { client, say }: Pick<BuildInputRequest, "client" | "say">,
): Promise<unknown> {
  if (!isFile) return type.startsWith("list of ") ? listOf(value) : value;
  if (/text|number|anything/.test(type)) return readText(name, value);
  say(`uploading ${value}`);
  return await upload(client, name, value);
}

async function upload(client: Client, name: string, file: string): Promise<string> {
  const bytes = await openFile(name, file);
  try {
    return (await client.upload(bytes, path.basename(file))).url;
  } catch (error) {
    if (!(error instanceof HeddleError) || error.code === "unreachable") throw error;
    throw new HeddleError(`--input ${name}: ${file}: ${error.message}`, error);
  }
}

function listOf(value: string): unknown {
  if (!value.startsWith("[")) return value;
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}

function readText(name: string, file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    throw unreadable(name, error);
  }
}

async function openFile(name: string, file: string): Promise<Blob> {
  try {
    // It says which file it is, which `openAsBlob` does not.
    await (await open(file)).close();
    return await openAsBlob(file);
  } catch (error) {
    throw unreadable(name, error);
  }
}

function unreadable(name: string, error: unknown): Fatal {
  return new Fatal(`--input ${name}: ${error instanceof Error ? error.message : String(error)}`);
}
