import { describe, expect, it } from 'vitest';
import { readBatches, type WireBatch, type WireRecord } from '../../../src/drivers/kafka/batches.ts';

const CONTROL = 0x30;
const TRANSACTIONAL = 0x10;
const LOG_APPEND_TIME = 0x08;

function record(offsetDelta: number, value = `v${offsetDelta}`): WireRecord {
  return { timestampDelta: BigInt(offsetDelta), offsetDelta, key: null, value: Buffer.from(value), headers: [] };
}

function batch(firstOffset: number, count: number, more: Partial<WireBatch> = {}): WireBatch {
  return {
    firstOffset: BigInt(firstOffset),
    attributes: 0,
    lastOffsetDelta: count - 1,
    firstTimestamp: 1000n,
    maxTimestamp: 5000n,
    producerId: -1n,
    records: Array.from({ length: count }, (_, index) => record(index)),
    ...more,
  };
}

function marker(offset: number, producerId: bigint, isAbort: boolean): WireBatch {
  const key = Buffer.from([0, 0, 0, isAbort ? 0 : 1]);
  return batch(offset, 1, { attributes: CONTROL, producerId, records: [{ ...record(0), key }] });
}

function read(batches: WireBatch[], fromOffset = 0n, aborted: { producerId: bigint; firstOffset: bigint }[] = []) {
  const { records, nextOffset } = readBatches({ topic: 't', partition: 0, fromOffset, batches, aborted });
  return { offsets: records.map(({ offset }) => Number(offset)), nextOffset: Number(nextOffset), records };
}

describe('readBatches', () => {
  it('gives nothing and stays where it was when nothing came', () => {
    expect(read([], 7n)).toMatchObject({ offsets: [], nextOffset: 7 });
  });

  it('leaves out what lies before the offset asked for', () => {
    expect(read([batch(5, 4)], 7n)).toMatchObject({ offsets: [7, 8], nextOffset: 9 });
  });

  it('goes behind messages that were compacted away', () => {
    expect(read([batch(0, 10, { records: [record(3)] })])).toMatchObject({ offsets: [3], nextOffset: 10 });
  });

  it('steps over markers', () => {
    expect(read([batch(0, 2), marker(2, 1n, false), batch(3, 1)])).toMatchObject({ offsets: [0, 1, 3], nextOffset: 4 });
  });

  it('takes the time of the message, or of its arrival when the topic keeps that', () => {
    expect(read([batch(0, 2)]).records.map(({ timestampMs }) => timestampMs)).toEqual([1000, 1001]);
    expect(read([batch(0, 1, { attributes: LOG_APPEND_TIME })]).records[0]?.timestampMs).toBe(5000);
  });

  it('keeps headers in order, repeated ones and nothing as their value', () => {
    const headers = [
      [Buffer.from('a'), Buffer.from('1')],
      [Buffer.from('a'), null],
    ] as const;
    const [found] = read([batch(0, 1, { records: [{ ...record(0), headers }] })]).records;
    expect(found?.headers).toEqual([
      ['a', Buffer.from('1')],
      ['a', null],
    ]);
  });

  const written = { attributes: TRANSACTIONAL, producerId: 7n };
  it.each([
    {
      what: 'an aborted transaction',
      batches: [batch(0, 2, written), marker(2, 7n, true), batch(3, 1)],
      aborted: [{ producerId: 7n, firstOffset: 0n }],
      offsets: [3],
    },
    {
      what: 'two of one producer, with a committed one between',
      batches: [
        batch(0, 1, written),
        marker(1, 7n, true),
        batch(2, 1, written),
        marker(3, 7n, false),
        batch(4, 1, written),
        marker(5, 7n, true),
      ],
      aborted: [
        { producerId: 7n, firstOffset: 0n },
        { producerId: 7n, firstOffset: 4n },
      ],
      offsets: [2],
    },
    {
      what: 'one whose marker comes with a later answer',
      batches: [batch(0, 2, written)],
      aborted: [{ producerId: 7n, firstOffset: 0n }],
      offsets: [],
    },
    {
      what: 'one beside messages of others, and a marker of a transaction that wrote nothing here',
      batches: [
        batch(0, 1, written),
        batch(1, 1, { ...written, producerId: 8n }),
        batch(2, 1),
        marker(3, 9n, true),
        marker(4, 7n, true),
      ],
      aborted: [{ producerId: 7n, firstOffset: 0n }],
      offsets: [1, 2],
    },
  ])('drops the messages of $what', ({ batches, aborted, offsets }) => {
    expect(read(batches, 0n, aborted).offsets).toEqual(offsets);
  });
});
