import { createServer } from 'node:net';
import { describe, expect, it } from 'vitest';
import { FaultList } from '../../../src/actions/fault/fault-list.ts';
import type { FaultSettings } from '../../../src/actions/fault/fault-settings.ts';
import { listenOn } from '../../../src/drivers/listen.ts';

const DOWN: FaultSettings = { proxy: 'gate', faults: { down: true } };
const NEVER = () => () => undefined;

/** Faults of a port that nobody listens on, on a machine that counts as the function says. */
async function open(read: () => number | undefined) {
  const server = createServer();
  const port = await listenOn(server, 0);
  await new Promise((resolve) => server.close(resolve));
  const host = { clock: { monotonic: () => 0, after: NEVER }, random: () => 0 };
  return new FaultList(host, { getPort: () => port, countArrivals: () => 0, apply: async () => undefined }, read);
}

describe('who is refused by a port that was given up', () => {
  /** What the machine has counted whenever it is asked: before a try of our own, after it, and then. */
  it.each<[string, readonly (number | undefined)[], number, boolean]>([
    ['nobody', [7, 8, 8], 0, true],
    ['somebody', [7, 8, 10], 2, false],
    ['somebody before the count begins', [7, 9, 9], 1, false],
    ['nobody knows: the machine counts nothing', [undefined, undefined, undefined], 0, false],
    ['nobody knows: the machine does not count this', [7, 7, 7], 0, false],
  ])('%s', async (_title, counts, connections, isUnmet) => {
    let at = 0;
    const faults = await open(() => counts[Math.min(at++, counts.length - 1)]);
    await faults.set(DOWN);
    expect((await faults.clear()).connections).toBe(connections);
    expect(faults.listUnmet()).toHaveLength(isUnmet ? 1 : 0);
  });

  it('meets each of several faults only while that is set', async () => {
    let count = 0;
    const faults = await open(() => count++);
    count = 0;
    const first = await faults.set(DOWN);
    count = 6;
    const second = await faults.set(DOWN);
    expect(first.met.connections).toBe(5);
    expect(second.met.connections).toBe(0);
    count = 9;
    // The first one held all the time, the second for the last three.
    expect((await faults.clear()).connections).toBe(8);
  });
});
