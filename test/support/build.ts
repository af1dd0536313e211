import { execFile } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';

const root = join(import.meta.dirname, '..', '..');
const program = join(root, 'dist', 'main.cjs');

/** Builds `dist/` when it is missing or older than what it is built from; tests spawn the command as it is shipped. */
export async function ensureBuilt(log: (line: string) => void): Promise<void> {
  if (process.env['TESTMESH_BIN'] !== undefined || isFresh()) return;
  log('building dist/, which the tests of the command run');
  await promisify(execFile)(process.execPath, ['--import', 'tsx', '.config/build.ts'], { cwd: root });
}

function isFresh(): boolean {
  if (!existsSync(program)) return false;
  const sources = ['src', '.config']
    .flatMap((folder) =>
      readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).map((name) => join(folder, name)),
    )
    .filter((path) => path.endsWith('.ts'));
  const builtAt = statSync(program).mtimeMs;
  return [...sources, 'package.json'].every((path) => statSync(join(root, path)).mtimeMs <= builtAt);
}
