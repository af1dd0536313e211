import { describe, expect, it } from 'vitest';
import { decodePositions, encodePositions, messageItems } from '../../../src/actions/kafka/remembered.ts';
import type { Value } from '../../../src/expr/index.ts';
import { createFakeIo } from '../../support/fake-io.ts';

const armed = {
  atMs: 1_700_000_000_000,
  positions: new Map([
    [
      'a',
      {
        id: 'x',
        offsets: new Map([
          [0, 9007199254740993n],
          [1, 0n],
        ]),
      },
    ],
    ['new', { offsets: new Map<number, bigint>() }],
  ]),
};

describe('positions in a record', () => {
  it('are plain data with all digits', () => {
    expect(encodePositions(armed, 'localhost:9092')).toEqual({
      brokers: 'localhost:9092',
      at: '2023-11-14T22:13:20.000Z',
      topics: { a: { id: 'x', offsets: { '0': '9007199254740993', '1': '0' } }, new: { id: null, offsets: {} } },
    });
  });

  it('come back as they were', () => {
    const recorded: Value = JSON.parse(JSON.stringify(encodePositions(armed, 'b')));
    expect(decodePositions(recorded, ['a', 'new'])).toEqual({ ...armed, brokers: 'b' });
  });

  it.each([undefined, null, 'x', {}, { brokers: 'b', at: 'now', topics: {} }])('are not there: %o', (recorded) => {
    expect(decodePositions(recorded, ['a'])).toBeUndefined();
  });
});

describe('messages of a record, when `match` is another one', () => {
  const message = (order_id: string): Value => ({ key: order_id, value: { order_id }, headers: {}, offset: 1 });
  const recorded = [message('a'), message('b')];

  it.each<[string, unknown, readonly Value[] | undefined]>([
    ['those that it takes', { match: { value: { order_id: 'b' } } }, [recorded[1] ?? null]],
    ['all of them, where nothing is asked', {}, recorded],
    ['none', { match: { value: { order_id: 'c' } } }, undefined],
    ['fewer than are wanted', { match: { key: 'a' }, count: 2 }, undefined],
    ['how many there are is not known', { match: { key: 'a' }, exactly: true }, undefined],
    ['nor of which trace they are', { match: { trace: 'current' } }, undefined],
  ])('%s', (_title, config, taken) => {
    expect(messageItems.again?.choose(config, recorded, createFakeIo())).toEqual(taken);
  });
});
