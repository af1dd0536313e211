import { describe, expect, it } from 'vitest';
import type { ReconcileSummary } from '../../../src/load/metrics/load-summary.ts';
import { judgeReconcile } from '../../../src/load/reconcile/judge-reconcile.ts';
import { Reconciler } from '../../../src/load/reconcile/reconciler.ts';
import type { KeySource, ReconcilePlace, ReconcilePlan } from '../../../src/model/load/reconcile.ts';
import { Stop } from '../../../src/stop/stop.ts';
import { createFakeClock } from '../../support/fake-clock.ts';

const NAMES = { get: () => undefined, keys: () => [] };
const HOST = { now: () => 0, cpuMs: () => 0 };
const place = (kind: ReconcilePlace['kind'], most = 1): ReconcilePlace => ({
  kind,
  settings: { isStatic: true, render: () => ({}) } as unknown as ReconcilePlace['settings'],
  key: 'id',
  keyOf: (thing) => (thing === 'nothing' ? undefined : thing),
  least: 1,
  most,
});

/** Keys that come at a time, ms after the start. */
type Arrivals = readonly (readonly [atMs: number, key: string])[];

function bench(arrivals: Arrivals, { isWhole = false, withinMs = 10_000 } = {}) {
  const clock = createFakeClock();
  const start = clock.monotonic();
  let [looks, taken, isBroken] = [0, 0, false];
  const source: KeySource = {
    name: 'topic t',
    isWhole,
    async look(onThing) {
      looks += 1;
      if (isBroken) throw new Error('away');
      const there = arrivals.filter(([atMs]) => atMs <= clock.monotonic() - start);
      for (const [, key] of there.slice(isWhole ? 0 : taken)) onThing(key);
      taken = there.length;
      return [];
    },
  };
  const plan = { step: 'create', places: [place(isWhole ? 'rows' : 'events')], withinMs } as unknown as ReconcilePlan;
  const world = { clock, resources: {} as never, directory: '.' };
  const reconciler = new Reconciler({ plan, open: async () => source, world });
  const breakIt = (value: boolean): void => {
    isBroken = value;
  };
  return { clock, reconciler, breakIt, looks: () => looks, elapsed: () => clock.monotonic() - start };
}

describe('reconciling', () => {
  it('waits for what comes late, and then for what may come twice', async () => {
    const { clock, reconciler, elapsed } = bench([
      [0, 'a'],
      [3000, 'b'],
      [4000, 'a'],
    ]);
    await reconciler.begin(NAMES, HOST, new Stop());
    for (const key of ['a', 'b']) reconciler.accept(key);
    const summary = await clock.finish(reconciler.finish(new Stop()));
    expect(summary.places).toMatchObject([{ lost: 0, duplicated: 1, duplicatedKeys: ['a'], unexpected: 0 }]);
    expect(elapsed()).toBe(5000);
  });

  it('gives up what has not come within its time', async () => {
    const { clock, reconciler, elapsed } = bench([[60_000, 'a']]);
    await reconciler.begin(NAMES, HOST, new Stop());
    reconciler.accept('a');
    const summary = await clock.finish(reconciler.finish(new Stop()));
    expect(summary.places).toMatchObject([{ lost: 1, lostKeys: ['a'] }]);
    expect(elapsed()).toBe(10_000);
  });

  it('asks again where nobody answered, and says so where that is so to the end', async () => {
    const { clock, reconciler, breakIt } = bench([[0, 'a']]);
    await reconciler.begin(NAMES, HOST, new Stop());
    reconciler.accept('a');
    breakIt(true);
    clock.after(3000, () => breakIt(false));
    expect(await clock.finish(reconciler.finish(new Stop()))).toMatchObject({ places: [{ lost: 0 }] });
    breakIt(true);
    const summary = await clock.finish(reconciler.finish(new Stop()));
    expect(summary.problem).toBe('`reconcile` could not look at what became of it: away');
    expect(judgeReconcile(summary, [])).toBe(summary.problem);
  });

  it('does not take rows that were there before for those of the load', async () => {
    const { clock, reconciler } = bench(
      [
        [0, 'old'],
        [0, 'nothing'],
        [1000, 'a'],
      ],
      { isWhole: true },
    );
    await reconciler.begin(NAMES, HOST, new Stop());
    reconciler.accept('a');
    const summary = await clock.finish(reconciler.finish(new Stop()));
    expect(summary.places).toMatchObject([{ found: 1, lost: 0, unexpected: 0 }]);
    expect(summary.notes).toEqual(['1 of topic t have no `id`']);
  });
});

describe('the verdict on what was accepted', () => {
  const nothing = {
    found: 5,
    lost: 0,
    duplicated: 0,
    unexpected: 0,
    lostKeys: [],
    duplicatedKeys: [],
    unexpectedKeys: [],
  };
  const summary = (more: object, ofPlace: object = {}): ReconcileSummary => ({
    ...{
      step: 'create',
      accepted: 5,
      uncertain: 0,
      withoutKey: 0,
      refused: 0,
      tookMs: 0,
      chanceOfMistake: 0,
      notes: [],
    },
    places: [{ kind: 'events', name: 'topic t', wanted: 'exactly 1', ...nothing, ...ofPlace }],
    ...more,
  });
  const onUnexpected = [{ metric: 'reconcile_unexpected{place:events}', threshold: 'count<9', passed: true, value: 1 }];

  it.each([
    ['all is there', summary({}), undefined],
    ['one is lost', summary({}, { lost: 1 }), 'of 5 accepted by `create`: 1 lost in topic t'],
    ['one is there twice', summary({}, { duplicated: 1 }), 'of 5 accepted by `create`: 1 duplicated in topic t'],
    [
      'one more than anybody asked for',
      summary({}, { unexpected: 1 }),
      'of 5 accepted by `create`: 1 in topic t that nobody was told of',
    ],
    ['nobody answered as many', summary({ uncertain: 1 }, { unexpected: 1 }), undefined],
    [
      'nobody answered fewer',
      summary({ uncertain: 1 }, { unexpected: 2 }),
      'of 5 accepted by `create`: 2 in topic t that nobody was told of',
    ],
    [
      'answers without a key',
      summary({ withoutKey: 2 }),
      '`reconcile`: 2 answers of `create` have no key, so nobody can look for them',
    ],
    ['too many', summary({ refused: 2 }), '`reconcile`: 2 keys found no room, and are not judged'],
    ['nothing at all', summary({ accepted: 0 }), '`reconcile`: nothing was accepted by `create`, so nothing is proven'],
  ])('%s', (_, given, expected) => {
    expect(judgeReconcile(given, [])).toBe(expected);
  });

  it('leaves what nobody asked for to a threshold on it, but nothing else', () => {
    expect(judgeReconcile(summary({}, { unexpected: 3 }), onUnexpected)).toBeUndefined();
    expect(judgeReconcile(summary({}, { lost: 1, unexpected: 3 }), onUnexpected)).toContain('1 lost');
  });
});
