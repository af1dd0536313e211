import { execFile } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { build } from 'esbuild';

const root = join(import.meta.dirname, '..', '..', '..');
const dist = join(root, 'dist');

/** The programs that tests spawn. */
export interface Programs {
  /** The command. */
  readonly bin: string;
  /** The folder with the demo services and the stack, each a bundle. */
  readonly demo: string;
  remove(): void;
}

/**
 * Builds `dist/` when it is missing or older than what it is built from, and copies it, so that it stays the same for
 * the whole run whatever is built meanwhile. TESTMESH_BIN names another command (an installed package) to be tested.
 */
export async function providePrograms(log: (line: string) => void): Promise<Programs> {
  if (!isFresh()) {
    log('building dist/, which the tests of the command run');
    await promisify(execFile)(process.execPath, ['--import', 'tsx', '.config/build.ts'], { cwd: root });
  }
  const folder = mkdtempSync(join(tmpdir(), 'testmesh-bin-'));
  const given = process.env['TESTMESH_BIN'];
  if (!given) copy(dist, folder, (path) => path !== join(dist, 'demo'));
  // Below the root, where the stack finds the package with PostgreSQL.
  mkdirSync(join(root, '.cache'), { recursive: true });
  const demo = mkdtempSync(join(root, '.cache', 'demo-'));
  copy(join(dist, 'demo'), demo);
  await bundleStackApi(demo);
  const remove = (): void => [folder, demo].forEach((each) => void rmSync(each, { recursive: true, force: true }));
  return { bin: given || join(folder, 'bin.cjs'), demo, remove };
}

/** The functions that start a stack, from beside the bundles of the services, so that they need not be made anew for each stack. */
export function loadStackApi(demo: string): typeof import('./stack-api.ts') {
  return createRequire(import.meta.url)(join(demo, 'stack-api.cjs'));
}

async function bundleStackApi(demo: string): Promise<void> {
  await build({
    entryPoints: [join(import.meta.dirname, 'stack-api.ts')],
    outfile: join(demo, 'stack-api.cjs'),
    bundle: true,
    platform: 'node',
    format: 'cjs',
    external: ['esbuild', 'pg-native'],
    define: { 'import.meta.url': 'bundleUrl' },
    banner: { js: "const bundleUrl = require('node:url').pathToFileURL(__filename).href;" },
  });
}

function copy(from: string, to: string, isWanted: (path: string) => boolean = () => true): void {
  cpSync(from, to, { recursive: true, filter: (path) => !path.endsWith('.map') && isWanted(path) });
}

function isFresh(): boolean {
  const program = join(dist, 'main.cjs');
  if (!existsSync(program)) return false;
  const listFolder = (folder: string): string[] =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).map((name) => join(folder, name));
  const sources = ['src', 'demo-services', '.config'].flatMap(listFolder).filter((path) => path.endsWith('.ts'));
  const builtAt = statSync(program).mtimeMs;
  return [...sources, 'package.json'].every((path) => statSync(join(root, path)).mtimeMs <= builtAt);
}
