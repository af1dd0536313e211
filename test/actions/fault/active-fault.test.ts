import { describe, expect, it } from 'vitest';
import { ActiveFault, Quota } from '../../../src/actions/fault/active-fault.ts';
import type { FaultSettings } from '../../../src/actions/fault/fault-settings.ts';

describe('a quota', () => {
  it.each([
    [0.3, 1000, 300],
    [0.5, 7, 3],
    [1, 13, 13],
    [0.001, 1000, 1],
    [0.1, 1000, 100],
    [0.7, 10, 7],
    [0.333, 1000, 333],
  ])('of %d takes of %d exactly %d', (share, count, taken) => {
    const quota = new Quota(share);
    expect(Array.from({ length: count }, () => quota.take()).filter(Boolean)).toHaveLength(taken);
  });
});

describe('faults that were set', () => {
  it('decide once for each connection, and count it once', () => {
    const fault = new ActiveFault({ proxy: 'gate', faults: {}, share: 0.5 } as FaultSettings);
    const connections = Array.from({ length: 4 }, () => ({}));
    const chosen = connections.map((one) => fault.chooses(one));
    expect(chosen.filter(Boolean)).toHaveLength(2);
    expect(connections.map((one) => fault.chooses(one))).toEqual(chosen);
    for (const one of [...connections, ...connections]) fault.noteConnection(one);
    fault.noteBytes(3, connections);
    fault.noteRequest({});
    expect(fault.met).toEqual({ connections: 4, requests: 1, bytes: 3 });
  });

  it.each([
    [undefined, { down: true, up: false }],
    ['down', { down: true, up: false }],
    ['up', { down: false, up: true }],
    ['both', { down: true, up: true }],
  ] as const)('hold up what goes which way: %s', (direction, held) => {
    const fault = new ActiveFault({ proxy: 'gate', faults: { latency: 5 }, direction } as FaultSettings);
    expect({ down: fault.paceOf('down') !== undefined, up: fault.paceOf('up') !== undefined }).toEqual(held);
    expect(
      new ActiveFault({ proxy: 'gate', faults: { timeout: true } } as FaultSettings).paceOf('down'),
    ).toBeUndefined();
  });
});
