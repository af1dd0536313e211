import { readdirSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { BlobHead } from '../../model/blob-head.ts';
import { EVENT_VERSION } from '../../model/events.ts';
import { describeOtherVersion, readBlobHead, readEventVersion } from '../../records/read-events.ts';
import { describeFileTrouble } from '../../util/file-trouble.ts';
import { UsageError } from '../process/usage-error.ts';

/** A blob that is there. */
export interface Blob extends BlobFile {
  readonly head: BlobHead;
}

export interface ReadBlobs {
  readonly blobs: readonly Blob[];
  /** Files that a run which did not start left empty. */
  readonly empty: readonly string[];
}

/** Reads the heads of blobs: of files, and of all files in folders, in the order of their parts. @throws UsageError when one is none */
export function readBlobs(names: readonly string[], cwd: string): ReadBlobs {
  const files = listBlobFiles(names, cwd);
  if (files.length === 0) throw new UsageError('there are no blobs to merge', [HOW]);
  const empty = files.filter(({ path }) => statSync(path).size === 0).map(({ name }) => name);
  const blobs = files.filter(({ name }) => !empty.includes(name)).map(readBlob);
  return { blobs: blobs.sort((a, b) => a.head.shard.index - b.head.shard.index), empty };
}

const HOW = 'each shard writes one: `testmesh run --shard 1/4 --reporter blob=blobs/1.blob`';

/** Files that are named, and all files in folders that are. @throws UsageError when one cannot be read */
export function listBlobFiles(names: readonly string[], cwd: string): readonly BlobFile[] {
  return names.flatMap((name) => listFiles(name, cwd));
}

interface BlobFile {
  /** As it was named. */
  readonly name: string;
  readonly path: string;
}

function listFiles(name: string, cwd: string): readonly BlobFile[] {
  const path = resolve(cwd, name);
  try {
    if (!statSync(path).isDirectory()) return [{ name, path }];
    const entries = readdirSync(path, { withFileTypes: true }).filter((entry) => entry.isFile());
    const files = entries.map((entry) => entry.name).filter((file) => !file.startsWith('.'));
    return files.sort().map((file) => ({ name: join(name, file), path: join(path, file) }));
  } catch (error) {
    throw new UsageError(`\`${name}\` cannot be read: ${describeFileTrouble(error)}`, [HOW]);
  }
}

function readBlob({ name, path }: BlobFile): Blob {
  const version = readEventVersion(path);
  const head = readBlobHead(path);
  if (head && (version === undefined || version === EVENT_VERSION)) return { name, path, head };
  if (version !== undefined && version !== EVENT_VERSION)
    throw new UsageError(`the blob \`${name}\` is not read: ${describeOtherVersion(version)}`, [
      'merge with the testmesh that ran the flows',
    ]);
  throw new UsageError(`\`${name}\` is no blob that this testmesh reads`, [HOW]);
}
