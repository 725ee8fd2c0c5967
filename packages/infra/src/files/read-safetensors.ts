import { z } from "zod";

// Our own: npm has a version 0.0.1 and a client of one model hub, and the format is a length, some JSON and the data.

const maxHeaderBytes = 10 * 1024 * 1024;
const maxTensors = 10_000;

const dtypeBytes: Readonly<Record<string, number>> = {
  BOOL: 1,
  U8: 1,
  I8: 1,
  F8_E4M3: 1,
  F8_E5M2: 1,
  U16: 2,
  I16: 2,
  F16: 2,
  BF16: 2,
  U32: 4,
  I32: 4,
  F32: 4,
  U64: 8,
  I64: 8,
  F64: 8,
};

const tensorSchema = z.strictObject({
  dtype: z.string(),
  shape: z.array(z.number().int().nonnegative()).max(8),
  data_offsets: z.tuple([z.number().int().nonnegative(), z.number().int().nonnegative()]),
});

export interface SafetensorsTensor {
  readonly dtype: string;
  readonly shape: readonly number[];
  /** A view of the file; little-endian, row-major, and aligned to nothing. */
  readonly bytes: Uint8Array;
}

export interface Safetensors {
  readonly tensors: ReadonlyMap<string, SafetensorsTensor>;
  readonly metadata: Readonly<Record<string, string>>;
}

/** The message is the end of a sentence: `its header is not JSON`. */
export class SafetensorsUnreadable extends Error {
  override readonly name = "SafetensorsUnreadable";
}

/**
 * Reads a .safetensors file without trusting a number in it: header of at most 10 MB and 10,000 tensors, every size the
 * product of its shape (checked), the data covered exactly once and to the end. Nothing is copied. Throws
 * `SafetensorsUnreadable` with the reason.
 */
export function readSafetensors(file: Uint8Array): Safetensors {
  const { header, data } = readHeader(file);
  const { __metadata__: metadata = {}, ...described } = header;
  const words = z.record(z.string(), z.string()).safeParse(metadata);
  if (!words.success) throw broken("its metadata may hold text only");
  const names = Object.keys(described);
  if (names.length > maxTensors)
    throw broken(`it has ${names.length} tensors, the limit is ${maxTensors}`);
  const found = names.map((name) => ({ name, ...checkTensor(name, described[name]) }));
  checkCover(
    found.map(({ range }) => range),
    data.byteLength,
  );
  const tensors = new Map(
    found.map(({ name, dtype, shape, range }) => [
      name,
      { dtype, shape, bytes: data.subarray(...range) },
    ]),
  );
  return { tensors, metadata: words.data };
}

function readHeader(file: Uint8Array): { header: Record<string, unknown>; data: Uint8Array } {
  if (file.byteLength < 8) throw broken("it ends before its header");
  const declared = new DataView(file.buffer, file.byteOffset, 8).getBigUint64(0, true);
  if (declared > BigInt(maxHeaderBytes))
    throw broken(`its header is ${declared} bytes, the limit is ${maxHeaderBytes}`);
  const end = 8 + Number(declared);
  if (end > file.byteLength) throw broken("it ends before the end of its header");
  const text = new TextDecoder("utf-8").decode(file.subarray(8, end));
  const header = z.record(z.string(), z.unknown()).safeParse(parseJson(text));
  if (!header.success) throw broken("its header is not a JSON object");
  return { header: header.data, data: file.subarray(end) };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw broken("its header is not JSON");
  }
}

type Range = [start: number, end: number];

function checkTensor(
  name: string,
  value: unknown,
): { dtype: string; shape: number[]; range: Range } {
  const tensor = tensorSchema.safeParse(value);
  if (!tensor.success) throw broken(`tensor ${quote(name)} is not described as the format asks`);
  const { dtype, shape, data_offsets: range } = tensor.data;
  const itemBytes = dtypeBytes[dtype];
  if (itemBytes === undefined)
    throw broken(`tensor ${quote(name)} has the unknown type ${quote(dtype)}`);
  let sizeBytes = itemBytes;
  for (const length of shape) {
    sizeBytes *= length;
    if (!Number.isSafeInteger(sizeBytes))
      throw broken(`the shape of tensor ${quote(name)} is too large`);
  }
  if (range[1] - range[0] !== sizeBytes) {
    throw broken(
      `tensor ${quote(name)} takes ${range[1] - range[0]} bytes, its shape needs ${sizeBytes}`,
    );
  }
  return { dtype, shape, range };
}

/** No gap, no overlap, no rest: nothing can hide in the file. */
function checkCover(ranges: readonly Range[], dataBytes: number): void {
  let covered = 0;
  for (const [start, end] of ranges.toSorted((a, b) => a[0] - b[0] || a[1] - b[1])) {
    if (start !== covered)
      throw broken(
        start < covered ? "two tensors overlap" : `bytes ${covered}–${start} belong to no tensor`,
      );
    covered = end;
  }
  if (covered !== dataBytes)
    throw broken(`its tensors take ${covered} bytes, the file holds ${dataBytes}`);
}

function quote(text: string): string {
  return JSON.stringify(text.slice(0, 80));
}

function broken(reason: string): SafetensorsUnreadable {
  return new SafetensorsUnreadable(reason);
}
