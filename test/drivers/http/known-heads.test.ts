import { describe, expect, it } from 'vitest';
import { KnownHeads } from '../../../src/drivers/http/known-heads.ts';
import { readHead } from '../../../src/drivers/http/response-head.ts';

function writeHead(length: number, more = ''): { bytes: Buffer; head: ReturnType<typeof readHead> } {
  const text = `HTTP/1.1 200 OK\r\ncontent-length: ${length}\r\n${more}x: y`;
  return { bytes: Buffer.from(`${text}\r\n\r\n`), head: readHead(text) };
}

describe('KnownHeads', () => {
  it('finds a head that bytes begin with, whatever follows', () => {
    const heads = new KnownHeads();
    const one = writeHead(12);
    const other = writeHead(13);
    heads.add(one.bytes, one.head);
    heads.add(other.bytes, other.head);
    expect(heads.find(Buffer.concat([other.bytes, Buffer.from('{"a": true}')]))).toEqual({
      head: other.head,
      length: other.bytes.length,
    });
    expect(heads.find(one.bytes)?.head).toBe(one.head);
    expect(heads.find(one.bytes.subarray(0, -1))).toBeUndefined();
    expect(heads.find(writeHead(14).bytes)).toBeUndefined();
  });

  it('keeps the bytes, though their buffer is read into again', () => {
    const heads = new KnownHeads();
    const { bytes, head } = writeHead(12);
    const shared = Buffer.from(bytes);
    heads.add(shared, head);
    shared.fill(0);
    expect(heads.find(bytes)?.head).toBe(head);
  });

  it('knows the last four', () => {
    const heads = new KnownHeads();
    const all = [1, 2, 3, 4, 5].map((length) => writeHead(length));
    for (const { bytes, head } of all) heads.add(bytes, head);
    expect(all.map(({ bytes }) => heads.find(bytes) !== undefined)).toEqual([false, true, true, true, true]);
  });

  it('hardly looks where each head is new, until one comes again', () => {
    const heads = new KnownHeads();
    for (let at = 0; at < 1000; at++) {
      const { bytes, head } = writeHead(3, `id: ${at}\r\n`);
      expect(heads.find(bytes)).toBeUndefined();
      heads.add(bytes, head);
    }
    const { bytes, head } = writeHead(3);
    const founds = Array.from({ length: 200 }, () => {
      const found = heads.find(bytes) !== undefined;
      if (!found) heads.add(bytes, head);
      return found;
    });
    expect(founds.at(-1)).toBe(true);
  });
});
