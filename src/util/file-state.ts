import { type BigIntStats, fstatSync, statSync } from 'node:fs';

/** What a file is now, to be compared with what it was; empty where there is none. */
export function identifyFile(path: string): string {
  const stats: BigIntStats | undefined = statSync(path, { bigint: true, throwIfNoEntry: false });
  return stats ? `${stats.ino} ${stats.mtimeNs} ${stats.size}` : '';
}

/** @throws Error where what is written to an open file is not at its path any more: it was removed, or another was put in its place */
export function refuseLostFile(fd: number, path: string): void {
  const open = fstatSync(fd, { bigint: true });
  if (!open.isFile()) return;
  const there = statSync(path, { bigint: true, throwIfNoEntry: false });
  if (there?.ino === open.ino && there.dev === open.dev) return;
  throw new Error(there ? 'another file was put in its place meanwhile' : 'it was removed meanwhile');
}
