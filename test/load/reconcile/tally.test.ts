import { describe, expect, it } from 'vitest';
import { chanceOfTwins, writeFingerprint } from '../../../src/load/reconcile/fingerprint.ts';
import { KeptTexts } from '../../../src/load/reconcile/kept-texts.ts';
import { KeyTable } from '../../../src/load/reconcile/key-table.ts';
import { Tally } from '../../../src/load/reconcile/tally.ts';
import { repeats } from '../../support/sample.ts';

const ONCE = { least: 1, most: 1 };
const OFTEN = { least: 1, most: Number.POSITIVE_INFINITY };

describe('fingerprints', () => {
  it.each([
    ['numbers in a row', (index: number) => String(index)],
    ['ids with a common beginning', (index: number) => `order-2026-11-30-${index}`],
    [
      'one letter that differs, at each place',
      (index: number) => 'a'.repeat(index % 500) + String.fromCharCode(98 + Math.floor(index / 500)),
    ],
    ['letters beyond ASCII', (index: number) => `ключ-${index.toString(36)}-é`],
  ])('tell %s apart', (_, name) => {
    const count = repeats('texts that are told apart', 50_000);
    const seen = new Set<bigint>();
    const texts = new Set<string>();
    const print = { high: 0, low: 0 };
    for (let index = 0; index < count; index++) {
      texts.add(name(index));
      writeFingerprint(name(index), print);
      seen.add((BigInt(print.high) << 32n) | BigInt(print.low));
    }
    expect(seen.size).toBe(texts.size);
  });

  it('fill all 64 bits evenly, whichever half is looked at', () => {
    const print = { high: 0, low: 0 };
    const bits = new Array<number>(64).fill(0);
    for (let index = 0; index < 20_000; index++) {
      writeFingerprint(`k${index}`, print);
      for (let bit = 0; bit < 32; bit++) {
        bits[bit] = (bits[bit] ?? 0) + ((print.low >>> bit) & 1);
        bits[bit + 32] = (bits[bit + 32] ?? 0) + ((print.high >>> bit) & 1);
      }
    }
    for (const count of bits) expect(Math.abs(count - 10_000)).toBeLessThan(400);
  });

  it('say how likely a mistake is', () => {
    expect(chanceOfTwins(0)).toBe(0);
    expect(chanceOfTwins(10_000_000)).toBeCloseTo(2.7e-6, 7);
  });
});

describe('a table of keys', () => {
  it('counts each in each column, however much it grows', () => {
    const table = new KeyTable(2);
    for (let index = 0; index < 50_000; index++) table.add(`k${index}`, index % 2);
    for (let index = 0; index < 50_000; index += 5) table.add(`k${index}`, 1);
    expect(table.count).toBe(50_000);
    expect([table.get('k0', 0), table.get('k0', 1), table.get('k5', 1), table.get('k6', 0)]).toEqual([1, 1, 2, 1]);
    expect(table.get('nobody', 0)).toBe(0);
  });

  it('takes no more than it may, and says so', () => {
    const table = new KeyTable(1, 1000);
    for (let index = 0; index < 1500; index++) table.add(`k${index}`, 0);
    expect([table.count, table.refused, table.add('k0', 0)]).toEqual([1000, 500, 2]);
  });
});

describe('kept texts', () => {
  it('come back in their order, over the ends of chunks, as many as have room', () => {
    const texts = new KeptTexts(2 * 1024 * 1024);
    const all = Array.from({ length: 60_000 }, (_, index) => `${index}-é${'x'.repeat(index % 60)}`);
    for (const text of all) texts.add(text);
    const kept = [...texts.list()];
    expect(kept).toEqual(all.slice(0, kept.length));
    expect(kept.length + texts.left).toBe(all.length);
    expect(texts.left).toBeGreaterThan(0);
  });
});

describe('a tally', () => {
  it('finds what is lost, there too often, and not accepted, with ten keys of each', () => {
    const tally = new Tally([ONCE, OFTEN]);
    for (let index = 0; index < 1000; index++) tally.accept(`k${index}`);
    tally.accept('k7');
    for (let index = 0; index < 1000; index++) {
      if (index % 50 !== 3) tally.noteFound(0, `k${index}`);
      if (index % 100 === 4) tally.noteFound(0, `k${index}`);
      tally.noteFound(1, `k${index}`);
      tally.noteFound(1, `k${index}`);
    }
    tally.noteFound(0, 'stranger');
    tally.noteFound(0, 'stranger');
    expect(tally.accepted).toBe(1000);
    expect(tally.countLost()).toBe(20);
    const ids = (start: number, step: number) => Array.from({ length: 10 }, (_, index) => `k${start + index * step}`);
    expect(tally.count(0)).toEqual({
      found: 981,
      lost: 20,
      duplicated: 10,
      unexpected: 1,
      lostKeys: ids(3, 50),
      duplicatedKeys: ids(4, 100),
      unexpectedKeys: ['stranger'],
    });
    expect(tally.count(1)).toMatchObject({ found: 1000, lost: 0, duplicated: 0, unexpected: 0 });
  });

  it('does not count what was there before, and begins anew with each look at the whole', () => {
    const tally = new Tally([ONCE]);
    for (const key of ['old', 'reused']) tally.noteBefore(0, key);
    for (const key of ['reused', 'new']) tally.accept(key);
    for (let look = 0; look < 3; look++) {
      tally.restart(0);
      for (const key of ['old', 'reused', 'new']) tally.noteFound(0, key);
    }
    expect(tally.count(0)).toMatchObject({ found: 1, lost: 1, lostKeys: ['reused'], duplicated: 0, unexpected: 0 });
  });

  it('says of how many keys it cannot judge', () => {
    const tally = new Tally([ONCE], 10);
    for (let index = 0; index < 15; index++) tally.accept(`k${index}`);
    expect([tally.accepted, tally.refused]).toEqual([10, 5]);
  });
});
