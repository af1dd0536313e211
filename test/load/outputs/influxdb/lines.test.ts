import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LineWriter } from '../../../../src/load/outputs/influxdb/lines.ts';
import { MicrosText, SeriesTimes } from '../../../../src/load/outputs/influxdb/unique-times.ts';
import { batchOf, type MadeSample, metricOf, tagsOf } from '../made-samples.ts';

const USUAL = [
  { tag: 'vu', type: 'int' },
  { tag: 'iter', type: 'int' },
  { tag: 'url', type: 'string' },
] as const;
const AT = Date.UTC(2026, 0, 2, 3, 4, 5);
const base: MadeSample = { metric: metricOf('iterations', 'counter'), tags: tagsOf({}), value: 1, atMs: AT };

function write(samples: readonly MadeSample[], common: Record<string, string> = {}, fields: typeof USUAL | [] = USUAL) {
  const writer = new LineWriter(new Map(Object.entries(common)), fields);
  return writer
    .write(batchOf(samples))
    .map(({ bytes }) => Buffer.from(bytes).toString())
    .join('');
}

describe('lines of InfluxDB', () => {
  it.each<[what: string, sample: Partial<MadeSample>, line: string]>([
    ['a counter', {}, 'iterations value=1 1767323045000000000\n'],
    ['tags, sorted', { tags: tagsOf({ b: '2', a: '1' }) }, 'iterations,a=1,b=2 value=1 1767323045000000000\n'],
    ['an empty tag', { tags: tagsOf({ group: '', a: '1' }) }, 'iterations,a=1 value=1 1767323045000000000\n'],
    [
      'what separates',
      { tags: tagsOf({ 'a b': 'x, y=z' }) },
      'iterations,a\\ b=x\\,\\ y\\=z value=1 1767323045000000000\n',
    ],
    ['line breaks', { tags: tagsOf({ a: 'x\r\ny' }) }, 'iterations,a=x\\ y value=1 1767323045000000000\n'],
    ['a backslash at the end', { tags: tagsOf({ a: 'x\\' }) }, 'iterations,a=x\\\\  value=1 1767323045000000000\n'],
    [
      'what is no index',
      { url: 'http://a/"b"\\', vu: 3, iter: 0 },
      'iterations value=1,url="http://a/\\"b\\"\\\\",vu=3i,iter=0i 1767323045000000000\n',
    ],
    ['a fraction', { value: 0.1, atMs: AT + 0.5 }, 'iterations value=0.1 1767323045000500000\n'],
    ['a large number', { value: 1e21 }, 'iterations value=1e+21 1767323045000000000\n'],
  ])('writes %s', (_what, sample, line) => {
    expect(write([{ ...base, ...sample }])).toBe(line);
  });

  it('adds the tags of the run, and lets those of a sample win', () => {
    expect(write([{ ...base, tags: tagsOf({ a: 'own' }) }], { a: 'run', testid: 't' })).toBe(
      'iterations,a=own,testid=t value=1 1767323045000000000\n',
    );
  });

  it('writes an address only as a field', () => {
    expect(write([{ ...base, url: 'http://a', vu: 1 }], {}, [])).toBe('iterations value=1 1767323045000000000\n');
  });

  it('counts what is no number', () => {
    const writer = new LineWriter(new Map(), USUAL);
    const parcels = writer.write(batchOf([{ ...base, value: Number.NaN }, base]));
    expect(parcels.map(({ points }) => points)).toEqual([1]);
    expect(writer.unwritable).toBe(1);
  });

  it('makes portions of 5,000 lines', () => {
    const parcels = new LineWriter(new Map(), USUAL).write(batchOf(Array.from({ length: 12_000 }, () => base)));
    expect(parcels.map(({ points }) => points)).toEqual([5000, 5000, 2000]);
  });
});

describe('times of a series', () => {
  it('are never the same, rise within a batch, and stay near', () => {
    const batches = fc.array(fc.array(fc.integer({ min: 0, max: 40 }), { minLength: 1, maxLength: 300 }), {
      minLength: 1,
      maxLength: 40,
    });
    fc.assert(
      fc.property(batches, (all) => {
        const times = new SeriesTimes(new MicrosText());
        const seen = new Set<string>();
        for (const [batch, steps] of all.entries()) {
          let last = 0n;
          for (const step of steps.toSorted((a, b) => a - b)) {
            const time = times.next(AT + step / 10_000, batch);
            expect(seen.has(time)).toBe(false);
            seen.add(time);
            expect(BigInt(time)).toBeGreaterThan(last);
            last = BigInt(time);
            expect(Number(last / 1000n) - AT * 1000).toBeLessThan(1000);
          }
        }
      }),
      { numRuns: 50 },
    );
  });
});
