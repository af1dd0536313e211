import { execFile } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const root = join(import.meta.dirname, '..', '..');
const dist = join(root, 'dist');

/** The command that tests spawn. */
export interface Command {
  readonly bin: string;
  remove(): void;
}

/**
 * Builds `dist/` when it is missing or older than what it is built from, and copies the command, so that it stays the
 * same for the whole run whatever is built meanwhile. TESTMESH_BIN names another one (an installed package) to be tested.
 */
export async function provideCommand(log: (line: string) => void): Promise<Command> {
  const given = process.env['TESTMESH_BIN'];
  if (given) return { bin: given, remove: () => {} };
  if (!isFresh()) {
    log('building dist/, which the tests of the command run');
    await promisify(execFile)(process.execPath, ['--import', 'tsx', '.config/build.ts'], { cwd: root });
  }
  const folder = mkdtempSync(join(tmpdir(), 'testmesh-bin-'));
  cpSync(dist, folder, { recursive: true, filter: (path) => !path.endsWith('.map') && path !== join(dist, 'demo') });
  return { bin: join(folder, 'bin.cjs'), remove: () => rmSync(folder, { recursive: true, force: true }) };
}

function isFresh(): boolean {
  const program = join(dist, 'main.cjs');
  if (!existsSync(program)) return false;
  const listFolder = (folder: string): string[] =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).map((name) => join(folder, name));
  const sources = ['src', '.config'].flatMap(listFolder).filter((path) => path.endsWith('.ts'));
  const builtAt = statSync(program).mtimeMs;
  return [...sources, 'package.json'].every((path) => statSync(join(root, path)).mtimeMs <= builtAt);
}
