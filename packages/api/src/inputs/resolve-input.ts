import {
  AppError,
  parseRunInput,
  type ArtifactRef,
  type DeclaredInput,
  type MediaType,
  type Problem,
  type Value,
} from "@heddle/core";
import { createGate } from "../files/gate.ts";
import { readFileInput, readListedFiles, type FileInputContext } from "./read-file-input.ts";

export type ResolvedInput =
  | { readonly ok: true; readonly values: Record<string, Value> }
  | { readonly ok: false; readonly problems: Problem[] };

const filesAtOnce = 4;

/**
 * Checks the `input` of a run and brings its files in. Every problem of every input at once; one that is absent is
 * compile's business, since only a plan that needs it is in want of it.
 */
export async function resolveInput(
  context: FileInputContext,
  inputs: readonly DeclaredInput[],
  input: unknown,
): Promise<ResolvedInput> {
  const { limits } = context.api;
  const declared = inputs.map((one) => ({ ...one, required: false }));
  if (!isRecord(input)) return parseRunInput(declared, input, limits);
  const gate = createGate(filesAtOnce);
  const files = declared.filter((one) => takesFile(one) && (input[one.name] ?? null) !== null);
  const resolved = await Promise.all(
    files.map((one) =>
      resolveFiles(one, input[one.name], (source, media) =>
        gate(() => readFiles(context, { source, media, listed: one.field.type.list })),
      ),
    ),
  );
  const problems = resolved.flatMap((one) => one.problems);
  const failed = new Set(resolved.filter((one) => one.problems.length > 0).map(({ name }) => name));
  const entries = [
    ...Object.entries(input),
    ...resolved.map(({ name, json }): [string, unknown] => [name, json]),
  ];
  const rest = parseRunInput(
    declared.filter(({ name }) => !failed.has(name)),
    Object.fromEntries(entries.filter(([name]) => !failed.has(name))),
    limits,
  );
  if (!rest.ok) return { ok: false, problems: [...problems, ...rest.problems] };
  return problems.length > 0 ? { ok: false, problems } : rest;
}

function takesFile({ field }: DeclaredInput): boolean {
  return fileMedia(field.type.media) !== null;
}

function fileMedia(media: string): MediaType | null {
  return media === "image" || media === "video" || media === "lora" ? media : null;
}

interface FileSource {
  readonly source: unknown;
  readonly media: MediaType;
  readonly listed: boolean;
}

async function readFiles(
  context: FileInputContext,
  { source, media, listed }: FileSource,
): Promise<readonly ArtifactRef[]> {
  if (listed) return readListedFiles(context, source, media);
  return [await readFileInput(context, source, media)];
}

interface ResolvedFiles {
  readonly name: string;
  readonly json: unknown;
  readonly problems: Problem[];
}

/** One file, or a list of them; one file stands for a list of one. */
async function resolveFiles(
  { name, nodeId, field }: DeclaredInput,
  given: unknown,
  read: (source: unknown, media: MediaType) => Promise<readonly ArtifactRef[]>,
): Promise<ResolvedFiles> {
  const media = fileMedia(field.type.media);
  if (media === null) return { name, json: given, problems: [] };
  const sources: unknown[] = field.type.list && Array.isArray(given) ? given : [given];
  const problems: Problem[] = [];
  const reading = sources.map(async (source, index) => {
    try {
      return await read(source, media);
    } catch (error) {
      if (!AppError.is(error)) throw error;
      const listed = field.type.list && Array.isArray(given);
      const path = listed ? `input.${name}.${index}` : `input.${name}`;
      const which = listed ? `Input "${name}", item ${index + 1}` : `Input "${name}"`;
      problems.push({ code: "input_invalid", message: `${which}: ${error.message}`, nodeId, path });
      return [];
    }
  });
  const files = (await Promise.all(reading)).flat();
  return { name, json: field.type.list ? files : files[0], problems };
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
