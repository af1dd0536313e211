import { readdirSync, readFileSync, renameSync, rm, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { EVENTS_FILE, GONE, isPartialRun, listNames, listRuns, type RunFolder, toSlashes } from './run-folders.ts';

/** How much is kept of records. */
export interface RecordLimits {
  /** How many runs of whole flows, and as many of chosen steps (which must not push those out); absent: 20, and half as many more before any are removed. */
  readonly keep?: number | undefined;
  /** Of all of them together; absent: 1 GB. */
  readonly maxBytes?: number | undefined;
}

/** Who writes a record, and who still does. */
export interface RecordOwner {
  readonly name: string;
  /** Undefined where that is not known from here. */
  isRunning(name: string): boolean | undefined;
}

export interface PruneOptions extends RecordLimits {
  /** ms since 1970. */
  readonly now: number;
  readonly owner?: RecordOwner | undefined;
  /** Whether a flow's file is still there, by its path as events name it. */
  hasFile?(file: string): boolean;
}

/** Stands in the folder of a record for as long as it is written. */
export const RUNNING_FILE = 'running';

const KEPT_RUNS = 20;
const SLACK = 1.5;
const MAX_BYTES = 1024 ** 3;
/** A run of another machine that wrote nothing for so long is over. */
const SILENCE_MS = 24 * 3600 * 1000;

const removeTree = promisify(rm);

/**
 * Removes the oldest records beyond the limits: never one that is still written, nor the last one of a flow, as a whole and by chosen
 * steps, which those steps take their values of. Other runs may do so at the same time.
 */
export async function pruneRuns(directory: string, options: PruneOptions): Promise<void> {
  const { keep = KEPT_RUNS, maxBytes = MAX_BYTES } = options;
  const all = readdirIfThere(join(directory, 'runs'));
  await Promise.all(all.filter((name) => name.startsWith(GONE)).map((name) => remove(join(directory, 'runs', name))));
  // Every meta file is read to choose, which not every run should wait for.
  const isMany = listNames(directory).length > (options.keep === undefined ? keep * SLACK : keep);
  const sizes = new Map(listNames(directory).map((name) => [name, sizeOf(join(directory, 'runs', name))]));
  const total = [...sizes.values()].reduce((sum, size) => sum + size, 0);
  if (!isMany && total <= maxBytes) return;
  const runs = listRuns(directory);
  const needed = listNeeded(runs, options);
  const surplus = new Set(isMany ? listSurplus(runs, keep) : []);
  let bytes = 0;
  for (const [at, run] of runs.entries()) {
    const size = sizes.get(run.name) ?? 0;
    if (at > 0 && bytes + size > maxBytes) surplus.add(run);
    if (!surplus.has(run) || needed.has(run)) bytes += size;
  }
  await Promise.all([...surplus].filter((run) => !needed.has(run)).map(({ path }) => removeRecord(path)));
}

function listSurplus(runs: readonly RunFolder[], keep: number): readonly RunFolder[] {
  const whole = runs.filter((run) => !isPartialRun(run));
  const partial = runs.filter(isPartialRun);
  return [...whole.slice(keep), ...partial.slice(keep)];
}

/** Those that are written, and of each flow that is still there the last one in which it ran. */
function listNeeded(runs: readonly RunFolder[], options: PruneOptions): ReadonlySet<RunFolder> {
  const { hasFile = () => true } = options;
  const needed = new Set<RunFolder>();
  const known = new Set<string>();
  for (const run of runs) {
    if (isWritten(run, options)) needed.add(run);
    for (const { id, file, row, isPartial, outcome } of run.meta?.flows ?? []) {
      const key = JSON.stringify([toSlashes(file), id, row, isPartial]);
      if (outcome === 'skipped' || known.has(key)) continue;
      known.add(key);
      if (hasFile(file)) needed.add(run);
    }
  }
  return needed;
}

function isWritten({ path, meta }: RunFolder, { owner, now }: PruneOptions): boolean {
  if (meta) return false;
  try {
    const isRunning = owner?.isRunning(readFileSync(join(path, RUNNING_FILE), 'utf8').trim());
    return isRunning ?? now - statSync(join(path, EVENTS_FILE)).mtimeMs < SILENCE_MS;
  } catch {
    return false;
  }
}

/** In one step for all others: what another run removed meanwhile is gone. */
async function removeRecord(path: string): Promise<void> {
  const gone = join(dirname(path), `${GONE}${path.slice(dirname(path).length + 1)}`);
  try {
    renameSync(path, gone);
  } catch {
    return;
  }
  await remove(gone);
}

async function remove(path: string): Promise<void> {
  await removeTree(path, { recursive: true, force: true }).catch(() => undefined);
}

function sizeOf(folder: string): number {
  const files = readdirIfThere(folder).map((name) => statSync(join(folder, name), { throwIfNoEntry: false }));
  return files.reduce((sum, file) => sum + (file?.isFile() ? file.size : 0), 0);
}

function readdirIfThere(path: string): readonly string[] {
  try {
    return readdirSync(path);
  } catch {
    return [];
  }
}
