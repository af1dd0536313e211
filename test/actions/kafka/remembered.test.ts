import { describe, expect, it } from 'vitest';
import { decodePositions, encodePositions } from '../../../src/actions/kafka/remembered.ts';
import type { Value } from '../../../src/expr/index.ts';

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
