import { describe, expect, it } from 'vitest';
import { describeByHand } from '../../../src/actions/kafka/by-hand.ts';

const atMs = 1_700_000_000_000;

describe('describeByHand', () => {
  it.each([
    {
      what: 'one partition',
      settings: { brokers: 'a:1,b:2' },
      offsets: new Map([[0, 12n]]),
      command: 'kcat -C -b a:1,b:2 -t t -p 0 -o 12 -e',
    },
    {
      what: 'several partitions',
      settings: { brokers: 'a:1' },
      offsets: new Map([
        [0, 12n],
        [1, 3n],
      ]),
      command: 'kcat -C -b a:1 -t t -o s@1700000000000 -e',
    },
    {
      what: 'a topic that did not exist',
      settings: { brokers: 'a:1' },
      offsets: new Map<number, bigint>(),
      command: 'kcat -C -b a:1 -t t -o beginning -e',
    },
    {
      what: 'credentials, without giving them away',
      settings: { brokers: 'a:1', sasl: { mechanism: 'plain', username: 'u', password: 'secret' }, tls: true },
      offsets: new Map([[0, 0n]]),
      command:
        "kcat -C -b a:1 -X security.protocol=SASL_SSL -X sasl.mechanism=PLAIN -X sasl.username=u -X 'sasl.password=…' -t t -p 0 -o 0 -e",
    },
  ])('shows $what', ({ settings, offsets, command }) => {
    expect(describeByHand(settings, { positions: new Map([['t', { offsets }]]), atMs })).toBe(command);
  });
});
