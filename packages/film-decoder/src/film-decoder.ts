// oxlint-disable-next-line typescript/triple-slash-reference -- a declaration file has nothing to import
/// <reference path="./web-assembly.d.ts" />

/** Why a film cannot be read. */
export type FilmProblem =
  /** Damaged, cut short, or no film at all. */
  | "unreadable"
  /** Sound only. */
  | "no_video"
  | "unknown_codec"
  /** More pixels than `maxPixels`, or more memory than the decoder may take. */
  | "too_large";

export class FilmUnreadable extends Error {
  override readonly name = "FilmUnreadable";
  readonly problem: FilmProblem;
  /** Of `unknown_codec`: its name as FFmpeg has it, `hevc`. */
  readonly codec: string;

  constructor(
    problem: FilmProblem,
    { codec = "", cause }: { codec?: string; cause?: unknown } = {},
  ) {
    super(`The film cannot be read: ${problem} ${codec}`.trim(), { cause });
    this.problem = problem;
    this.codec = codec;
  }
}

export interface DecodedFrame {
  /** Interleaved RGB bytes, width × height × 3, rows from the top; the caller's own. */
  readonly pixels: Uint8Array;
  /** Since the first frame; below 0 where the file does not say. */
  readonly timeMs: number;
}

export interface DecodedFilm {
  /** Pixels as it is to be seen: square ones, turned as the file says. */
  readonly width: number;
  readonly height: number;
  /** 0 where the file does not say. */
  readonly framesPerSecond: number;
  readonly durationMs: number;
  /** The next frame, undefined after the last; what is damaged is left out. Throws FilmUnreadable. */
  readonly next: () => DecodedFrame | undefined;
}

/** As `film-decoder.c` numbers them. */
const problems: Readonly<Record<number, FilmProblem>> = {
  [-1]: "unreadable",
  [-2]: "no_video",
  [-3]: "unknown_codec",
  [-4]: "too_large",
};

export interface FilmDecoder {
  /**
   * Opens a film (MP4, MOV, WebM or Matroska). `maxPixels`: of one frame. Holds the bytes and a few frames until it is
   * garbage. Throws FilmUnreadable.
   */
  open(bytes: Uint8Array, limits: { readonly maxPixels: number }): Promise<DecodedFilm>;
}

/** `wasm`: the bytes of `film-decoder.wasm`. */
export async function createFilmDecoder(wasm: Uint8Array): Promise<FilmDecoder> {
  const module = await WebAssembly.compile(wasm);
  return {
    open: async (bytes, limits) => openFilm(await Instance.start(module), bytes, limits.maxPixels),
  };
}

function openFilm(decoder: Instance, bytes: Uint8Array, maxPixels: number): DecodedFilm {
  return guarded(() => {
    const data = decoder.call("allocate", bytes.byteLength);
    if (data === 0) throw new FilmUnreadable("too_large");
    decoder.bytesAt(data, bytes.byteLength).set(bytes);
    decoder.check(decoder.call("open_film", data, bytes.byteLength, maxPixels));
    const [width, height] = [decoder.call("film_width"), decoder.call("film_height")];
    return {
      width,
      height,
      framesPerSecond: decoder.call("film_frames_per_second"),
      durationMs: decoder.call("film_duration_ms"),
      next: () => guarded(() => nextFrame(decoder, width * height * 3)),
    };
  });
}

function nextFrame(decoder: Instance, sizeBytes: number): DecodedFrame | undefined {
  const found = decoder.call("next_frame");
  decoder.check(found);
  if (found === 0) return undefined;
  const pixels = decoder.bytesAt(decoder.call("frame_rgb"), sizeBytes).slice();
  return { pixels, timeMs: decoder.call("frame_time_ms") };
}

/** One instance of the decoder, with the memory that is its own. */
class Instance {
  readonly #exports: WebAssembly.Exports;
  readonly #memory: WebAssembly.Memory;

  private constructor(exports: WebAssembly.Exports) {
    if (!(exports["memory"] instanceof WebAssembly.Memory)) throw new Error("no decoder of films");
    this.#exports = exports;
    this.#memory = exports["memory"];
  }

  static async start(module: WebAssembly.Module): Promise<Instance> {
    const world = new ClosedWorld();
    const { exports } = await WebAssembly.instantiate(module, {
      wasi_snapshot_preview1: world.calls,
    });
    const started = new Instance(exports);
    world.memory = started.#memory;
    started.call("_initialize");
    return started;
  }

  call(name: string, ...values: number[]): number {
    const work = this.#exports[name];
    if (typeof work !== "function") throw new Error(`the decoder has no ${name}`);
    return Number(work(...values));
  }

  /** Of now: the memory moves when it grows. */
  bytesAt(place: number, sizeBytes: number): Uint8Array {
    return new Uint8Array(this.#memory.buffer, place, sizeBytes);
  }

  /** Throws what a negative result stands for. */
  check(result: number): void {
    if (result >= 0) return;
    const name = this.bytesAt(this.call("film_codec"), 64);
    const codec = new TextDecoder().decode(name.slice(0, name.indexOf(0)));
    throw new FilmUnreadable(problems[result] ?? "unreadable", { codec });
  }
}

/** A trap is the film's fault: it made the decoder leave its memory, or take more of it than it may. */
function guarded<Value>(work: () => Value): Value {
  try {
    return work();
  } catch (error) {
    if (error instanceof FilmUnreadable) throw error;
    throw new FilmUnreadable("unreadable", { cause: error });
  }
}

const success = 0;
const badDescriptor = 8;
const nothing = () => badDescriptor;

/** What WASI asks of its surroundings: there are no files, no variables, and it is always midnight. */
class ClosedWorld {
  memory: WebAssembly.Memory | undefined;
  readonly calls = {
    environ_get: () => success,
    environ_sizes_get: (count = 0, sizeBytes = 0) => this.#zero(count, sizeBytes),
    clock_time_get: (_id = 0, _precision = 0, place = 0) => this.#zero(place, place + 4),
    fd_close: nothing,
    fd_fdstat_get: nothing,
    fd_fdstat_set_flags: nothing,
    fd_prestat_get: nothing,
    fd_prestat_dir_name: nothing,
    fd_read: nothing,
    fd_seek: nothing,
    fd_write: nothing,
    path_open: nothing,
    poll_oneoff: nothing,
    proc_exit: (): number => {
      throw new Error("the decoder gave up");
    },
  };

  #zero(...places: number[]): number {
    if (this.memory === undefined) return badDescriptor;
    for (const place of places) new DataView(this.memory.buffer).setUint32(place, 0, true);
    return success;
  }
}
