import type { FlowRun } from '../../engine/lifetimes/run-options.ts';
import { createRandom } from '../../engine/names/random.ts';
import type { OrderFlags } from '../arguments/order-flags.ts';
import { UsageError } from '../process/usage-error.ts';

export interface OrderedRuns {
  readonly runs: readonly FlowRun[];
  /** What the reader should know of the order. */
  readonly notes: readonly string[];
}

/** The flows as often as they are to run, in the order in which they start. */
export function orderRuns(
  runs: readonly FlowRun[],
  { repeatEach, shuffle }: Pick<OrderFlags, 'repeatEach' | 'shuffle'>,
  draw: () => number,
): OrderedRuns {
  const repeated = repeatEach === 1 ? runs : runs.flatMap((run) => repeatRun(run, repeatEach));
  if (shuffle === undefined) return { runs: repeated, notes: [] };
  const seed = shuffle === true ? draw() : shuffle;
  return { runs: shuffleItems(repeated, seed), notes: [`the order is shuffled: \`--shuffle=${seed}\` repeats it`] };
}

/** After how many flows that did not pass no further one starts. @throws UsageError when both flags say it */
export function readBail({ bail, maxFailures }: Pick<OrderFlags, 'bail' | 'maxFailures'>): number | undefined {
  if (bail !== undefined && maxFailures !== undefined)
    throw new UsageError('`--bail` and `--max-failures` mean the same', [`write one of them: --bail ${maxFailures}`]);
  return bail ?? maxFailures;
}

function repeatRun(run: FlowRun, times: number): readonly FlowRun[] {
  return Array.from({ length: times }, (_, index) => ({ repeat: index + 1, ...run }));
}

/** The same seed gives the same items the same order. */
function shuffleItems<T>(items: readonly T[], seed: number): readonly T[] {
  const random = createRandom(`${seed}/shuffle`);
  const shuffled = [...items];
  for (let last = shuffled.length - 1; last > 0; last--) {
    const other = Math.floor(random.random() * (last + 1));
    const [a, b] = [shuffled[last], shuffled[other]] as [T, T];
    shuffled[last] = b;
    shuffled[other] = a;
  }
  return shuffled;
}
