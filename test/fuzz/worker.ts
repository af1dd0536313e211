import { openSync, writeSync } from 'node:fs';
import { type FuzzOptions, fuzz } from './fuzz.ts';
import { targets } from './targets.ts';

/** What the watching process says. */
export interface FuzzOrder {
  readonly name: string;
  readonly options: FuzzOptions;
  /** Where the number of the input under way is kept, for whoever watches. */
  readonly progressPath: string;
}

/** Runs one target beside the process that watches it. */
process.once('message', (order: FuzzOrder) => {
  const target = targets.find((each) => each.name === order.name);
  if (!target) throw new Error(`there is no target ${order.name}`);
  const progress = openSync(order.progressPath, 'w');
  const begin = (index: number) => void writeSync(progress, String(index), 0);
  process.send?.(fuzz(target, { ...order.options, begin }), () => process.disconnect());
});
