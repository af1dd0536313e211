import { createHash } from 'node:crypto';

const SEED = 'testmesh';

/** Whether everything is run, and what is missing is a failure. */
export const isFullRun = process.env['TESTMESH_FULL'] === '1';

// a golden text that is not written anew would be wrong
const isUpdate = process.env['UPDATE_GOLDEN'] === '1';

export interface SampleOptions<T> {
  /** How many are taken; more when there are more kinds, but none where it is 0. */
  readonly count: number;
  /** The first of each kind is taken whatever is drawn; without it all are of one kind. */
  readonly kindOf?: (item: T) => string;
}

/** What a run takes of a table: all of it with TESTMESH_FULL=1, else a sample, which is printed. */
export function sample<T>(what: string, all: readonly T[], options: SampleOptions<T>): readonly T[] {
  if (isFullRun || isUpdate) return all;
  const taken = draw(all, options);
  print(`${taken.length} of ${all.length} ${what}`);
  return taken;
}

/** How often a run does the same: `full` times with TESTMESH_FULL=1, else less often, which is printed. */
export function repeats(what: string, full: number, few = Math.ceil(full / 10)): number {
  if (isFullRun) return full;
  print(`${few} of ${full} ${what}`);
  return few;
}

/** Draws the same items each time, in their order. */
export function draw<T>(all: readonly T[], { count, kindOf = () => '' }: SampleOptions<T>): readonly T[] {
  const kinds = all.map(kindOf);
  const taken = new Set(count === 0 ? [] : kinds.map((kind) => kinds.indexOf(kind)));
  const lots = all.map((_, index) => ({ index, lot: hash(`${SEED}/${index}`) }));
  lots.sort((a, b) => a.lot.localeCompare(b.lot));
  for (const { index } of lots) if (taken.size < count) taken.add(index);
  return all.filter((_, index) => taken.has(index));
}

function hash(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

// the files of a process share this module
const printed = new Set<string>();

function print(line: string): void {
  if (printed.has(line)) return;
  printed.add(line);
  process.stderr.write(`sample: ${line}, TESTMESH_FULL=1 runs all\n`);
}
