import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { METRICS, Meter } from '../../../src/load/metrics/meter.ts';
import { GeneratorHealth } from '../../../src/load/run/generator-health.ts';
import type { Work } from '../../../src/load/run/scenario-work.ts';
import { VerdictBook } from '../../../src/load/run/verdict-book.ts';
import { addReport, GatheredKeys, takeReport } from '../../../src/load/threads/report.ts';
import { createFakeClock } from '../../support/fake-clock.ts';

const NAMES = ['http_reqs', 'http_req_duration', 'checks'] as const;

function open() {
  const meter = new Meter({ tags: new Map([['testid', 't']]), keepsRaw: true });
  return { meter, book: new VerdictBook(), health: new GeneratorHealth(createFakeClock()) };
}

describe('what threads report', () => {
  it('adds up to what one alone would have measured, however it is cut', () => {
    const sample = fc.record({
      thread: fc.nat(2),
      name: fc.constantFrom(...NAMES),
      step: fc.constantFrom('a', 'b'),
      // Sums of whole numbers are exact in any order.
      value: fc.nat(5000),
      isReported: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(sample, { maxLength: 60 }), (samples) => {
        const alone = open();
        const whole = open();
        const threads = [0, 1, 2].map(() => ({ ...open(), accepted: new GatheredKeys(), work: NO_WORK }));
        const tell = (thread: (typeof threads)[number]): void =>
          addReport({ ...whole, accepting: undefined }, structuredClone(takeReport(thread)));
        for (const { thread, name, step, value, isReported } of samples) {
          const own = threads[thread] as (typeof threads)[number];
          for (const { meter, book } of [alone, own]) {
            const tags = meter.tagSets.get({ step });
            meter.add(METRICS[name], tags, { value, atMs: value, origin: { url: `/${value}`, vu: thread, iter: 1 } });
            book.noteReason(step, String(value % 3));
            book.noteFailure('request');
            book.noteStep(value > 9);
          }
          if (isReported) tell(own);
        }
        for (const thread of threads) tell(thread);
        expect(describeMeter(whole.meter)).toEqual(describeMeter(alone.meter));
        expect(describeBatch(whole.meter)).toEqual(describeBatch(alone.meter));
        expect(whole.book.steps).toEqual(alone.book.steps);
        for (const step of ['a', 'b'])
          expect([...whole.book.reasonsOf(step)].sort()).toEqual([...alone.book.reasonsOf(step)].sort());
      }),
      { numRuns: 60 },
    );
  });

  it('brings along what was accepted, and why a check failed first', () => {
    const thread = { ...open(), accepted: new GatheredKeys(), work: NO_WORK };
    const whole = open();
    // Another number for the same tags.
    whole.meter.tagSets.get({ check: 'other' });
    const tags = thread.meter.tagSets.get({ check: 'c' });
    thread.meter.add(METRICS.checks, tags, { value: 0, atMs: 1 });
    thread.book.noteCheck(`${tags.id}`, '502');
    thread.accepted.accept('k1');
    thread.accepted.accept(undefined);
    thread.accepted.doubt(2);
    const got: unknown[] = [];
    const accepting = { accept: (key: string | undefined) => got.push(key), doubt: (count: number) => got.push(count) };
    addReport({ ...whole, accepting }, structuredClone(takeReport(thread)));
    addReport({ ...whole, accepting }, structuredClone(takeReport(thread)));
    expect(got).toEqual(['k1', undefined, 2]);
    expect(whole.book.firstOf(`${whole.meter.tagSets.get({ check: 'c' }).id}`)).toBe('502');
  });
});

const NO_WORK: Work = {
  counts: new Map(),
  users: { active: 0, there: 0 },
  capacities: [],
  notes: [],
  problems: [],
  prepare: async () => undefined,
  run: async () => undefined,
};

function describeMeter(meter: Meter): unknown {
  const series = meter.listAll().map(({ metric, tags, count, sum, min, max, histogram }) => {
    const name = `${metric.name} ${tags.tags.get('step')}`;
    return [name, { count, sum, min, max, histogram: histogram?.toJSON() }] as const;
  });
  return Object.fromEntries(series);
}

function describeBatch(meter: Meter): unknown {
  const batch = meter.takeBatch();
  return Array.from({ length: batch?.length ?? 0 }, (_, at) =>
    [
      batch?.metrics[at]?.name,
      batch?.tags[at]?.tags.get('step'),
      batch?.values[at],
      batch?.atMs[at],
      batch?.urls[at],
      batch?.vus[at],
    ].join(' '),
  ).sort();
}
