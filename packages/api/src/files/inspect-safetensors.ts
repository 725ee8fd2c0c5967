import { AppError } from "@heddle/core";
import { z } from "zod";

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
type Tensor = z.infer<typeof tensorSchema>;

export interface SafetensorsSummary {
  readonly tensors: number;
  readonly metadata: Readonly<Record<string, string>>;
}

/**
 * Checks a .safetensors file without trusting a number in it: header of at most 10 MB and 10,000 tensors, every size the
 * product of its shape (checked), the data covered exactly once and to the end. Throws AppError `invalid` with the reason.
 */
export function inspectSafetensors(bytes: Uint8Array): SafetensorsSummary {
  const { header, dataBytes } = readHeader(bytes);
  const { __metadata__: metadata = {}, ...tensors } = header;
  const parsedMetadata = z.record(z.string(), z.string()).safeParse(metadata);
  if (!parsedMetadata.success) throw broken("its metadata may hold text only");
  const names = Object.keys(tensors);
  if (names.length > maxTensors)
    throw broken(`it has ${names.length} tensors, the limit is ${maxTensors}`);
  const ranges = names.map((name) => checkTensor(name, tensors[name]));
  checkCover(ranges, dataBytes);
  return { tensors: names.length, metadata: parsedMetadata.data };
}

function readHeader(bytes: Uint8Array): { header: Record<string, unknown>; dataBytes: number } {
  if (bytes.byteLength < 8) throw broken("it ends before its header");
  const declared = new DataView(bytes.buffer, bytes.byteOffset, 8).getBigUint64(0, true);
  if (declared > BigInt(maxHeaderBytes))
    throw broken(`its header is ${declared} bytes, the limit is ${maxHeaderBytes}`);
  const headerBytes = Number(declared);
  if (8 + headerBytes > bytes.byteLength) throw broken("it ends before the end of its header");
  const text = new TextDecoder("utf-8").decode(bytes.subarray(8, 8 + headerBytes));
  const header = z.record(z.string(), z.unknown()).safeParse(parseJson(text));
  if (!header.success) throw broken("its header is not a JSON object");
  return { header: header.data, dataBytes: bytes.byteLength - 8 - headerBytes };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw broken("its header is not JSON");
  }
}

function checkTensor(name: string, value: unknown): Tensor["data_offsets"] {
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
  return range;
}

/** No gap, no overlap, no rest: nothing can hide in the file. */
function checkCover(ranges: Tensor["data_offsets"][], dataBytes: number): void {
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

function broken(reason: string): AppError {
  return new AppError("invalid", `This LoRA file cannot be used: ${reason}`);
}
