import { AppError } from "@heddle/core";
import { type Entry, fromBufferPromise, type ZipFile } from "yauzl";

export interface UnzipLimits {
  readonly files: number;
  /** of one file, unpacked; of all together twice as much */
  readonly fileBytes: number;
}

export interface ZippedFile {
  /** With its folders, by `/`. */
  readonly name: string;
  readonly bytes: Uint8Array;
}

/**
 * The files of a ZIP archive, one after the other, `2.png` before `10.png`; without folders, and without what systems add
 * of their own (`__MACOSX`, names that begin with a dot). All is held against the limits before anything is unpacked,
 * and no entry gives more than it announced. Throws AppError `invalid` or `too_large`.
 */
export async function* unzip(
  bytes: Uint8Array,
  limits: UnzipLimits,
): AsyncGenerator<ZippedFile, void> {
  const zip = await readable(() => fromBufferPromise(Buffer.from(bytes), { lazyEntries: true }));
  const entries = await readable(() => listEntries(zip, limits));
  const collator = new Intl.Collator("en", { numeric: true });
  const sorted = entries.toSorted((a, b) => collator.compare(a.fileName, b.fileName));
  for (const entry of sorted)
    yield { name: entry.fileName, bytes: await readable(() => readEntry(zip, entry)) };
}

async function listEntries(zip: ZipFile, limits: UnzipLimits): Promise<Entry[]> {
  const entries: Entry[] = [];
  let totalBytes = 0;
  for await (const entry of zip.eachEntry()) {
    if (isHidden(entry.fileName)) continue;
    if (entry.isEncrypted())
      throw new AppError("invalid", `"${entry.fileName}" in this ZIP is locked with a password`);
    entries.push(entry);
    if (entries.length > limits.files) throw tooMany(limits);
    totalBytes += entry.uncompressedSize;
    if (entry.uncompressedSize > limits.fileBytes || totalBytes > 2 * limits.fileBytes)
      throw tooLarge(entry.fileName, limits);
  }
  if (entries.length === 0) throw new AppError("invalid", "This ZIP holds no files");
  return entries;
}

/** Folders, too: their names end with a slash. */
function isHidden(name: string): boolean {
  return (
    name.endsWith("/") ||
    name.split("/").some((part) => part.startsWith(".") || part === "__MACOSX")
  );
}

async function readEntry(zip: ZipFile, entry: Entry): Promise<Uint8Array> {
  const chunks: Buffer[] = [];
  for await (const chunk of await zip.openReadStreamPromise(entry)) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks);
}

/** What the reader refuses is the archive's fault. */
async function readable<Value>(work: () => Promise<Value>): Promise<Value> {
  try {
    return await work();
  } catch (error) {
    if (AppError.is(error)) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw new AppError("invalid", `This ZIP is damaged or cut short: ${reason}`);
  }
}

function tooMany({ files }: UnzipLimits): AppError {
  return new AppError(
    "too_large",
    `This ZIP holds more than ${files} files (limit fanOut). Send fewer, or several ZIPs one after the other`,
  );
}

function tooLarge(name: string, { fileBytes }: UnzipLimits): AppError {
  const megabytes = (bytes: number) => `${Math.round(bytes / 1e6)} MB`;
  return new AppError(
    "too_large",
    `This ZIP is too large unpacked, at "${name}": a file may have ${megabytes(fileBytes)}, all together ${megabytes(2 * fileBytes)} (limit uploadBytes)`,
  );
}
