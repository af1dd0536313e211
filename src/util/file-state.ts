import { type BigIntStats, statSync } from 'node:fs';

/** What a file is now, to be compared with what it was; empty where there is none. */
export function identifyFile(path: string): string {
  const stats: BigIntStats | undefined = statSync(path, { bigint: true, throwIfNoEntry: false });
  return stats ? `${stats.ino} ${stats.mtimeNs} ${stats.size}` : '';
}
