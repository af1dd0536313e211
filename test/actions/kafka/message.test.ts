import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toMessage, toNumber } from '../../../src/actions/kafka/message.ts';
import type { KafkaRecord } from '../../../src/drivers/kafka/types.ts';
import { ExactNumber, readKey, stringifyJson } from '../../../src/expr/index.ts';

function record(more: Partial<KafkaRecord> = {}): KafkaRecord {
  return { topic: 't', partition: 0, offset: 1n, timestampMs: 0, key: null, value: null, headers: [], ...more };
}

describe('toMessage', () => {
  it.each([
    { text: '{"a":1}', value: { a: 1 }, json: { a: 1 } },
    { text: ' [1]', value: [1], json: [1] },
    { text: '"x"', value: '"x"', json: 'x' },
    { text: '7', value: '7', json: 7 },
    { text: '12345678901234567890', value: '12345678901234567890', json: new ExactNumber('12345678901234567890') },
    { text: 'null', value: 'null', json: null },
    { text: 'true', value: 'true', json: true },
    { text: '{"a":', value: '{"a":', json: null },
    { text: '', value: '', json: null },
    { text: 'hello', value: 'hello', json: null },
  ])('reads `$text`', ({ text, value, json }) => {
    expect(toMessage(record({ value: Buffer.from(text) }))).toMatchObject({ value, json });
  });

  it('gives bytes as base64, and a tombstone as nil', () => {
    expect(toMessage(record({ value: Buffer.from([0xff, 0x00]), key: Buffer.from([0xfe]) }))).toMatchObject({
      value: '/wA=',
      key: '/g==',
    });
    expect(toMessage(record())).toMatchObject({ value: null, json: null, key: null });
  });

  it('joins repeated headers, and finds them in any case', () => {
    const headers = [
      ['A', Buffer.from('1')],
      ['b', null],
      ['A', Buffer.from('2')],
      ['b', Buffer.from('3')],
    ] as const;
    const message = toMessage(record({ headers }));
    expect({ ...message.headers }).toEqual({ A: '1, 2', b: '3' });
    expect(readKey(message.headers, 'a')).toBe('1, 2');
  });

  it.each([
    { timestampMs: 1_700_000_000_123, timestamp: '2023-11-14T22:13:20.123Z' },
    { timestampMs: -1, timestamp: null },
    { timestampMs: Number.MAX_SAFE_INTEGER, timestamp: null },
  ])('writes the time $timestampMs as $timestamp', ({ timestampMs, timestamp }) => {
    expect(toMessage(record({ timestampMs })).timestamp).toBe(timestamp);
  });

  it('never fails, whatever the bytes are', () => {
    const bytes = fc.uint8Array().map((array) => Buffer.from(array));
    fc.assert(fc.property(bytes, bytes, (key, value) => toMessage(record({ key, value })).partition === 0));
  });

  it('gives back any JSON object as it was', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (value) => {
        const text = JSON.stringify(value);
        expect(JSON.parse(stringifyJson(toMessage(record({ value: Buffer.from(text) })).value))).toEqual(
          JSON.parse(text),
        );
      }),
    );
  });
});

describe('toNumber', () => {
  it.each([
    [5n, 5],
    [9007199254740993n, new ExactNumber('9007199254740993')],
  ])('keeps the digits of %s', (offset, number) => expect(toNumber(offset)).toEqual(number));
});
