// What is used of WebAssembly; its types come with those of browsers, and there is none here.
declare namespace WebAssembly {
  class Module {
    constructor(bytes: Uint8Array);
  }
  class Memory {
    readonly buffer: ArrayBuffer;
  }
  type Exports = Readonly<Record<string, unknown>>;
  interface Instance {
    readonly exports: Exports;
  }
  function compile(bytes: Uint8Array): Promise<Module>;
  function instantiate(
    module: Module,
    imports: Readonly<Record<string, Readonly<Record<string, (...values: number[]) => number>>>>,
  ): Promise<Instance>;
}
