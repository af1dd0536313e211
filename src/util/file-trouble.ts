import { readdirSync } from 'node:fs';
import { basename, dirname, extname } from 'node:path';
import { findNearest } from './suggest.ts';

const TROUBLES: Readonly<Record<string, string>> = {
  ENOENT: 'it does not exist',
  EISDIR: 'it is a folder',
  ENOTDIR: 'a part of its path is a file',
  EEXIST: 'a part of its path is a file',
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  EROFS: 'the file system is read-only',
  ENOSPC: 'no space is left on the device',
  EDQUOT: 'no space is left for its owner',
  EFBIG: 'it would be larger than files may be',
  ENXIO: 'nothing reads from it',
  ENAMETOOLONG: 'its name is too long',
};

/** Why the operating system did not read or write a file, in a few words. */
export function describeFileTrouble(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const nearest = code === 'ENOENT' ? findNearestFile(pathOf(error)) : undefined;
  if (nearest !== undefined) return `${TROUBLES[code]}; did you mean \`${nearest}\`?`;
  return TROUBLES[code] ?? (error instanceof Error ? error.message : String(error));
}

/** The name of the file in the folder of one that is not there that is meant by it: the same with another ending (`.yml`), or one spelled nearly so. */
export function findNearestFile(path: string, ending: RegExp = /./): string | undefined {
  const names = listFiles(dirname(path)).filter((name) => ending.test(name));
  const wanted = basename(path);
  const stem = stemOf(wanted);
  const twin = names.find((name) => stemOf(name).toLowerCase() === stem.toLowerCase());
  const nearest = twin ?? findNearest(wanted, names);
  if (nearest === undefined || nearest === wanted) return undefined;
  return twin ?? (findNearest(stem, [stemOf(nearest)]) === undefined ? undefined : nearest);
}

function stemOf(name: string): string {
  return basename(name, extname(name));
}

function listFiles(folder: string): readonly string[] {
  try {
    return readdirSync(folder, { withFileTypes: true }).flatMap((one) => (one.isDirectory() ? [] : [one.name]));
  } catch {
    return [];
  }
}

function pathOf(error: unknown): string {
  return error instanceof Error && 'path' in error ? String(error.path) : '';
}
