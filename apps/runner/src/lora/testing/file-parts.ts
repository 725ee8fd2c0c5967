import { z } from "zod";

const tensorSchema = z.object({
  dtype: z.string(),
  shape: z.array(z.number()),
  data_offsets: z.tuple([z.number(), z.number()]),
});
export type TensorFacts = z.infer<typeof tensorSchema>;

/** A .safetensors file taken apart, so that a test can change one thing of it. */
export interface FileParts {
  metadata: Record<string, string>;
  readonly tensors: Map<string, TensorFacts>;
  data: Uint8Array;
}

export function takeApart(file: Uint8Array): FileParts {
  const end = 8 + Number(new DataView(file.buffer, file.byteOffset).getBigUint64(0, true));
  const { __metadata__: metadata, ...tensors } = z
    .looseObject({ __metadata__: z.record(z.string(), z.string()) })
    .parse(JSON.parse(new TextDecoder().decode(file.subarray(8, end))));
  const described = Object.entries(tensors).map(
    ([name, facts]) => [name, tensorSchema.parse(facts)] as const,
  );
  return { metadata, tensors: new Map(described), data: file.slice(end) };
}

export function putTogether({ metadata, tensors, data }: FileParts): Uint8Array {
  const header = { __metadata__: metadata, ...Object.fromEntries(tensors) };
  const json = new TextEncoder().encode(JSON.stringify(header));
  const file = new Uint8Array(8 + json.length + data.length);
  new DataView(file.buffer).setBigUint64(0, BigInt(json.length), true);
  file.set(json, 8);
  file.set(data, 8 + json.length);
  return file;
}

export function factsOf({ tensors }: FileParts, name: string): TensorFacts {
  const facts = tensors.get(name);
  if (facts === undefined) throw new Error(`there is no tensor ${name}`);
  return facts;
}

/** The tensor keeps its bytes and gets another name. */
export function rename(parts: FileParts, from: string, to: string): void {
  const facts = factsOf(parts, from);
  parts.tensors.delete(from);
  parts.tensors.set(to, facts);
}
