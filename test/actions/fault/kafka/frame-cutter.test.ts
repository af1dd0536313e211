import fc from 'fast-check';
import { expect, it } from 'vitest';
import { FrameCutter } from '../../../../src/actions/fault/kafka/frame-cutter.ts';

function frame(id: number, length: number): Buffer {
  const bytes = Buffer.alloc(8 + length, id);
  bytes.writeInt32BE(4 + length, 0);
  bytes.writeInt32BE(id, 4);
  return bytes;
}

/** Bytes in pieces of these lengths, again and again. */
function slice(bytes: Buffer, lengths: readonly number[]): readonly Buffer[] {
  const pieces: Buffer[] = [];
  for (let at = 0; at < bytes.length; at += pieces.at(-1)?.length ?? 1) {
    pieces.push(bytes.subarray(at, at + (lengths[pieces.length % lengths.length] ?? 1)));
  }
  return pieces;
}

it('gives all bytes in their order, those that are wanted in whole frames, however they come', () => {
  const given = fc.array(fc.record({ id: fc.nat(20), length: fc.nat(50) }), { maxLength: 10 });
  const lengths = fc.array(fc.integer({ min: 1, max: 70 }), { minLength: 1, maxLength: 5 });
  fc.assert(
    fc.property(given, lengths, (frames, sizes) => {
      const all = frames.map(({ id, length }) => frame(id, length));
      const cutter = new FrameCutter(8, (head) => head.readInt32BE(4) % 2 === 1);
      const pieces = slice(Buffer.concat(all), sizes).flatMap((bytes) => cutter.cut(bytes));
      expect(Buffer.concat(pieces.map(({ bytes }) => bytes)).equals(Buffer.concat(all))).toBe(true);
      const whole = pieces.filter(({ isWhole }) => isWhole).map(({ bytes }) => bytes);
      expect(whole).toEqual(all.filter((bytes) => bytes.readInt32BE(4) % 2 === 1));
    }),
  );
});

it('lets go on what it does not want before its end is there', () => {
  const cutter = new FrameCutter(8, () => false);
  const bytes = frame(2, 100);
  expect(cutter.cut(bytes.subarray(0, 50))).toEqual([{ bytes: bytes.subarray(0, 50), isWhole: false }]);
  expect(cutter.cut(bytes.subarray(50))).toEqual([{ bytes: bytes.subarray(50), isWhole: false }]);
});

it('refuses what is no frame', () => {
  expect(() => new FrameCutter(8, () => false).cut(Buffer.alloc(8))).toThrow(RangeError);
});
