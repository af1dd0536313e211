import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { Script } from 'node:vm';

const PROGRAM = 'main.cjs';

interface Chunk {
  readonly script: Script;
  readonly exports: unknown;
}

/** Runs the bundled program of a folder; its chunks are loaded when first required, each with V8's code cache beside it. */
export function loadProgram(folder: string): void {
  const chunks = new Map<string, Chunk>();
  loadChunk(join(folder, PROGRAM), chunks);
  if (process.env['TESTMESH_BUILD_CACHE']) process.on('exit', () => writeCaches(chunks));
}

function loadChunk(path: string, chunks: Map<string, Chunk>): unknown {
  const loaded = chunks.get(path);
  if (loaded) return loaded.exports;
  const script = compileChunk(path);
  const module = { exports: {} as unknown };
  const chunk = {
    script,
    get exports() {
      return module.exports;
    },
  };
  chunks.set(path, chunk);
  const requireNative = createRequire(path);
  const requireChunk = (id: string): unknown =>
    id.startsWith('./') && id.endsWith('.cjs') ? loadChunk(join(dirname(path), id), chunks) : requireNative(id);
  const run = script.runInThisContext() as (...parts: unknown[]) => void;
  run(module.exports, requireChunk, module, path, dirname(path));
  return module.exports;
}

/** Compiles with the cache when it fits this Node; V8 itself refuses one that does not. */
function compileChunk(path: string): Script {
  // The bundles are plain ASCII, which is read this way without being decoded, and kept in one byte a character.
  const source = `(function (exports, require, module, __filename, __dirname) {${readFileSync(path, 'latin1')}\n})`;
  return new Script(source, { filename: path, cachedData: readCache(path) });
}

function readCache(path: string): Buffer | undefined {
  if (process.env['TESTMESH_BUILD_CACHE']) return undefined;
  try {
    return readFileSync(`${path}.cache`);
  } catch {
    return undefined;
  }
}

/** At build time: keeps what V8 compiled in a run. */
function writeCaches(chunks: ReadonlyMap<string, Chunk>): void {
  for (const [path, { script }] of chunks) writeFileSync(`${path}.cache`, script.createCachedData());
}
