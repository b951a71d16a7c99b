/**
 * Runs the jq of the package jq-wasm. Its own functions feed it byte by byte, copying all that is left each time, so that
 * a megabyte takes minutes; and they give it an environment and a file system. So its Emscripten module is used directly,
 * and the functions that the program asks of its host are replaced where they matter.
 */
import loadJq from 'jq-wasm/dist/build/jq.js';
import { fromBytes, type Out, toBytes } from './text.ts';
import type { StageEnd } from './types.ts';

/** Emscripten's short names for what the program imports and exports, in jq-wasm 1.0.1. A test holds them. */
const HOST = {
  read: 'g',
  write: 'd',
  open: 'f',
  environment: 'i',
  environmentSize: 'j',
  memory: 'E',
} as const;

const BAD_DESCRIPTOR = 8;
const NO_SUCH_FILE = -44;

/** Most that is kept of stderr, in bytes. */
const MAX_ERROR = 8 * 1024;

type HostFunction = (...args: number[]) => number;

interface Host {
  instantiateWasm(info: { a: Record<string, HostFunction> }, receive: (instance: Instance) => void): object;
  thisProgram: string;
}

const createJq: (host?: Host) => Promise<{ callMain(args: string[]): number }> = loadJq;

interface Memory {
  buffer: ArrayBuffer;
}

interface Instance {
  exports: Record<string, unknown>;
}

/** What is used of it; Node's types leave it to those of browsers. */
declare const WebAssembly: {
  instantiate: unknown;
  compile(bytes: Uint8Array): Promise<object>;
  Instance: new (module: object, imports: object) => Instance;
  Memory: new (limits: { initial: number }) => Memory;
};

/** Thrown through the program to stop it: its output is full. */
class Stopped extends Error {}

let compiled: Promise<object> | undefined;

/** The program is inside the package's script, which hands it out only to `WebAssembly.instantiate`. Once per worker. */
function program(): Promise<object> {
  compiled ??= new Promise((resolve, reject) => {
    const { instantiate } = WebAssembly;
    const capture = (bytes: Uint8Array): Promise<never> => {
      WebAssembly.instantiate = instantiate;
      WebAssembly.compile(bytes).then(resolve, reject);
      return new Promise(() => undefined);
    };
    Object.assign(WebAssembly, { instantiate: capture });
    createJq().catch(reject);
  });
  return compiled;
}

export async function runJq(args: readonly string[], input: string, out: Out): Promise<StageEnd> {
  const streams = new Streams(toBytes(input), out.limit * 3);
  const module = await program();
  const jq = await createJq(hostOf(module, streams));
  let exitCode = 0;
  let failure = '';
  try {
    exitCode = jq.callMain([...args]);
  } catch (error) {
    if (!(error instanceof Stopped)) {
      exitCode = 5;
      failure = describe(streams.error.text());
    }
  } finally {
    // Emscripten sets it for the thread.
    process.exitCode = undefined;
  }
  out.write(streams.output.text());
  return { exitCode, error: (failure === '' ? streams.error.text() : failure).trimEnd() };
}

function describe(said: string): string {
  if (said.includes('cannot allocate memory'))
    return 'jq: out of memory (256 MiB, enough for about 15 MB of JSON). Ask the tool for less: a selector, a namespace, -o jsonpath.';
  // The stack of the thread, or that inside of the program, ran over.
  if (said === '') return 'jq: broke off; the program or its data nests too deeply.';
  return `jq: broke off: ${said}`;
}

function hostOf(module: object, streams: Streams): Host {
  return {
    thisProgram: 'jq',
    instantiateWasm({ a }, receive) {
      const none: HostFunction = () => 0;
      const imports = {
        ...a,
        [HOST.read]: streams.read,
        [HOST.write]: streams.write,
        [HOST.open]: () => NO_SUCH_FILE,
        [HOST.environment]: none,
        [HOST.environmentSize]: streams.emptyEnvironment,
      };
      const instance = new WebAssembly.Instance(module, { a: imports });
      const memory = instance.exports[HOST.memory];
      if (!(memory instanceof WebAssembly.Memory)) throw new Error('jq-wasm has other names than expected');
      streams.memory = memory;
      receive(instance);
      return instance.exports;
    },
  };
}

/** stdin, stdout and stderr of one run. */
class Streams {
  memory: Memory | undefined;
  readonly output: Bytes;
  readonly error = new Bytes(MAX_ERROR);
  readonly #input: Uint8Array;
  #at = 0;

  constructor(input: Uint8Array, limit: number) {
    this.#input = input;
    this.output = new Bytes(limit);
  }

  readonly read: HostFunction = (descriptor = -1, vectors = 0, count = 0, result = 0) => {
    if (descriptor !== 0) return BAD_DESCRIPTOR;
    const { view, bytes } = this.#memory();
    const start = this.#at;
    for (let index = 0; index < count; index += 1) {
      const [pointer, length] = vector(view, vectors, index);
      const chunk = this.#input.subarray(this.#at, this.#at + length);
      bytes.set(chunk, pointer);
      this.#at += chunk.length;
      if (chunk.length < length) break;
    }
    view.setUint32(result, this.#at - start, true);
    return 0;
  };

  readonly write: HostFunction = (descriptor = -1, vectors = 0, count = 0, result = 0) => {
    if (descriptor !== 1 && descriptor !== 2) return BAD_DESCRIPTOR;
    const { view, bytes } = this.#memory();
    let written = 0;
    for (let index = 0; index < count; index += 1) {
      const [pointer, length] = vector(view, vectors, index);
      const fits = (descriptor === 1 ? this.output : this.error).add(bytes.subarray(pointer, pointer + length));
      if (!fits && descriptor === 1) throw new Stopped();
      written += length;
    }
    view.setUint32(result, written, true);
    return 0;
  };

  readonly emptyEnvironment: HostFunction = (count = 0, size = 0) => {
    const { view } = this.#memory();
    view.setUint32(count, 0, true);
    view.setUint32(size, 0, true);
    return 0;
  };

  #memory() {
    const buffer = this.memory?.buffer ?? new ArrayBuffer(0);
    return { view: new DataView(buffer), bytes: new Uint8Array(buffer) };
  }
}

/** Pointer and length of one piece of a scattered read or write. */
function vector(view: DataView, vectors: number, index: number): [pointer: number, length: number] {
  return [view.getUint32(vectors + 8 * index, true), view.getUint32(vectors + 8 * index + 4, true)];
}

/** Bytes that grow up to a limit. */
class Bytes {
  readonly #limit: number;
  #buffer = new Uint8Array(4096);
  #length = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** False when there was no room for all. */
  add(chunk: Uint8Array): boolean {
    const part = chunk.subarray(0, Math.max(0, this.#limit - this.#length));
    if (this.#length + part.length > this.#buffer.length) {
      const larger = new Uint8Array(Math.max(this.#buffer.length * 2, this.#length + part.length));
      larger.set(this.#buffer.subarray(0, this.#length));
      this.#buffer = larger;
    }
    this.#buffer.set(part, this.#length);
    this.#length += part.length;
    return part.length === chunk.length;
  }

  text(): string {
    return fromBytes(this.#buffer.subarray(0, this.#length));
  }
}
