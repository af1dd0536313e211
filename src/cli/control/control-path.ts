import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdtempSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { makeFolder } from '../../util/make-folder.ts';

const FOLDER = '.testmesh';
const NAME = 'up.sock';
/** Systems take no longer path of a socket. */
const LONGEST_PATH = 100;

/** Where `testmesh up` of a folder listens, or would: the path that the system takes, undefined where nothing has ever listened. */
export function findControlPath(directory: string): string | undefined {
  const path = join(directory, FOLDER, NAME);
  try {
    return lstatSync(path).isSymbolicLink() ? readlinkSync(path) : path;
  } catch {
    return undefined;
  }
}

/** Makes room for the socket of a folder; gives the path to listen on. @throws the system's error when it cannot */
export function makeControlPath(directory: string): string {
  const folder = join(directory, FOLDER);
  const path = join(folder, NAME);
  makeFolder(folder, 0o700);
  const ignore = join(folder, '.gitignore');
  if (!existsSync(ignore)) writeFileSync(ignore, '*\n');
  removeControlPath(directory);
  if (Buffer.byteLength(path) <= LONGEST_PATH) return path;
  const own = mkdtempSync(join(tmpdir(), 'testmesh-up-'));
  chmodSync(own, 0o700);
  symlinkSync(join(own, NAME), path);
  return join(own, NAME);
}

/** Removes what is left of the socket. */
export function removeControlPath(directory: string): void {
  const found = findControlPath(directory);
  const path = join(directory, FOLDER, NAME);
  if (found !== undefined && found !== path) rmSync(dirname(found), { recursive: true, force: true });
  rmSync(path, { force: true });
}
