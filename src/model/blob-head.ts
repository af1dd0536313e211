/** Version of the head of blobs; it rises when a reader would have to change. */
export const BLOB_VERSION = 1;

/** What a blob says, before its events, of the run that it is a part of: enough to tell whether all parts are there, and belong together. */
export interface BlobHead {
  readonly type: 'blob';
  readonly version: typeof BLOB_VERSION;
  /** Of testmesh. */
  readonly testmesh: string;
  /** Which part it is, from 1. */
  readonly shard: { readonly index: number; readonly count: number };
  /** Where the run began: below the top of the repository, without one a whole path. */
  readonly root: string;
  readonly commit?: string | undefined;
  /** Every flow, and row of one, of all parts together. */
  readonly flows: readonly BlobFlow[];
  /** SHA-256 of that list. */
  readonly hash: string;
  /** How often each runs. */
  readonly repeat: number;
  /** What the exit code of the run depends on. */
  readonly terms: { readonly failOnFlaky: boolean; readonly passWithNoTests: boolean };
}

/** A flow as parts of a run name it. */
export interface BlobFlow {
  readonly file: string;
  readonly id: string;
  readonly row?: number | undefined;
}

/** Whether data is the head of a blob that this version reads. */
export function isBlobHead(data: unknown): data is BlobHead {
  if (typeof data !== 'object' || data === null) return false;
  const { type, version, testmesh, shard, root, flows, hash, repeat, terms } = data as Partial<BlobHead>;
  return (
    type === 'blob' &&
    version === BLOB_VERSION &&
    [testmesh, root, hash].every((text) => typeof text === 'string') &&
    [shard?.index, shard?.count, repeat].every((number) => Number.isInteger(number)) &&
    Array.isArray(flows) &&
    typeof terms === 'object'
  );
}
