import { describe, expect, it } from 'vitest';
import { unpackSnappy } from '../../../src/drivers/kafka/snappy.ts';

const header = Buffer.from('82534e41505059000000000100000001', 'hex');

/** Stands for the algorithm itself: a block is what it says, in capitals. */
const unpackBlock = (block: Buffer) => Buffer.from(block.toString().toUpperCase());

function frame(...blocks: readonly string[]): Buffer {
  const framed = blocks.map((text) => {
    const length = Buffer.alloc(4);
    length.writeInt32BE(text.length);
    return Buffer.concat([length, Buffer.from(text)]);
  });
  return Buffer.concat([header, ...framed]);
}

describe('unpackSnappy', () => {
  it.each([
    ['one bare block', Buffer.from('abc'), 'ABC'],
    ['one framed block', frame('abc'), 'ABC'],
    ['several framed blocks', frame('abc', 'd', 'ef'), 'ABCDEF'],
    ['streams that were joined', Buffer.concat([frame('ab'), frame('cd', 'e')]), 'ABCDE'],
    ['a header with nothing behind it', frame(), ''],
  ])('unpacks %s', (_what, data, text) => expect(unpackSnappy(data, unpackBlock).toString()).toBe(text));

  it.each([
    ['in a block', frame('abcdef').subarray(0, -2)],
    ['in a length', Buffer.concat([frame('ab'), Buffer.from([0, 0])])],
    ['with a length that is none', Buffer.concat([header, Buffer.from([255, 255, 255, 255])])],
  ])('throws when it is cut %s', (_what, data) => expect(() => unpackSnappy(data, unpackBlock)).toThrow(RangeError));
});
