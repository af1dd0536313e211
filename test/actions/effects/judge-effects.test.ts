import { describe, expect, it } from 'vitest';
import type { Effect } from '../../../src/actions/effects/effect.ts';
import { type JudgeOptions, judgeEffects, type Sightings } from '../../../src/actions/effects/judge-effects.ts';

const row = (place: string, what: Effect['what'], text = 'x', number = 1): Effect => ({
  ...{ thing: 'row', place, what, number, text },
  ...{ key: { id: 1 }, before: null, after: { id: 1 } },
});
const message = (place: string): Effect => ({
  ...{ thing: 'message', place, what: 'added', number: 1, text: 'hello' },
  message: {
    topic: place,
    partition: 0,
    offset: 0,
    key: null,
    value: 'hello',
    headers: {},
    timestamp: null,
    json: null,
  },
});

const PLACES: Sightings['places'] = new Map([
  ['shop.orders', { noun: 'row', key: 'shop.orders', isCounted: false }],
  ['shop.outbox', { noun: 'row', key: 'shop.outbox', isCounted: false }],
  ['shop.log', { noun: 'row', key: 'shop.log', isCounted: true }],
  ['placed', { noun: 'message', key: 'placed', isCounted: false }],
]);

function judge(settings: JudgeOptions['settings'], effects: readonly Effect[], more: Partial<JudgeOptions> = {}) {
  const locate = (path: readonly string[]) => ({ file: path.join('/'), line: 1, column: 1, endLine: 1, endColumn: 1 });
  const options = { settings, attribute: () => true, isForgiving: false, locate, ...more };
  return judgeEffects({ places: PLACES, others: effects, own: [] }, options);
}
const messagesOf = ({ problems }: ReturnType<typeof judge>) => problems.map((problem) => problem.message);

describe('what may change', () => {
  it.each<[JudgeOptions['settings']['tables'], readonly Effect[], string]>([
    [{ 'shop.orders': 1 }, [], 'expected 1 row added, got no change'],
    [
      { 'shop.orders': 1 },
      [row('shop.orders', 'added'), row('shop.orders', 'added')],
      'expected 1 row added, got 2 rows added',
    ],
    [
      { 'shop.orders': 1 },
      [row('shop.orders', 'changed'), row('shop.orders', 'added')],
      'expected 1 row added, got 1 row added, 1 row changed',
    ],
    [{ 'shop.orders': -2 }, [row('shop.orders', 'deleted')], 'expected 2 rows deleted, got 1 row deleted'],
    [{ 'shop.orders': 0 }, [row('shop.orders', 'changed')], 'expected no change, got 1 row changed'],
    [{ 'shop.orders': 'none' }, [row('shop.orders', 'changed')], 'expected no change, got 1 row changed'],
    [{ 'shop.orders': 'changed' }, [], 'expected rows changed, got no change'],
    [
      { 'shop.orders': 'changed' },
      [row('shop.orders', 'added'), row('shop.orders', 'changed')],
      'expected rows changed, got 1 row added, 1 row changed',
    ],
    [
      { 'shop.orders': { added: 1, changed: 'any' } },
      [row('shop.orders', 'deleted')],
      'expected 1 row added, any rows changed, got 1 row deleted',
    ],
    [{ 'shop.*': 'none' }, [row('shop.orders', 'added', 'x', 3)], 'expected no change, got 3 rows added'],
    [{}, [row('shop.orders', 'added')], 'expected no change, got 1 row added'],
  ])('is counted: %j', (tables, effects, expected) => {
    expect(messagesOf(judge({ tables }, effects))[0]?.split('\n')[0]).toBe(`\`shop.orders\`: ${expected}`);
  });

  it.each<[JudgeOptions['settings'], readonly Effect[]]>([
    [{ tables: { 'shop.orders': 1 } }, [row('shop.orders', 'added')]],
    [{ tables: { 'shop.orders': -1 } }, [row('shop.orders', 'deleted')]],
    [{ tables: { 'shop.orders': 'any' } }, [row('shop.orders', 'deleted'), row('shop.orders', 'added')]],
    [{ tables: { 'shop.orders': { changed: 'any' } } }, []],
    [{ tables: { 'shop.*': 'none', 'shop.orders': 1 } }, [row('shop.orders', 'added')]],
    [{ topics: { placed: 1 } }, [message('placed')]],
    [{ topics: { 'plac*': 'any' } }, [message('placed'), message('placed')]],
    [{ others: 'any' }, [row('shop.orders', 'added'), message('placed')]],
    [{ ignore: ['*.outbox', 'placed'] }, [row('shop.outbox', 'added'), message('placed')]],
    [{ ignore: ['*.outbox'], tables: { 'shop.outbox': 1 } }, [row('shop.outbox', 'added')]],
  ])('may change: %j', (settings, effects) => {
    expect(messagesOf(judge(settings, effects))).toEqual([]);
  });

  it('is named with each thing that is too much, at the setting that says so', () => {
    const effects = [row('shop.orders', 'added', 'one'), row('shop.orders', 'added', 'two'), message('placed')];
    const { problems, seen, reported } = judge({ tables: { 'shop.orders': 1 }, others: 'none' }, effects);
    expect(problems).toMatchObject([
      {
        outcome: 'failed',
        message: '`shop.orders`: expected 1 row added, got 2 rows added\n  + one\n  + two',
        location: { file: 'tables/shop.orders' },
      },
      {
        outcome: 'failed',
        message: '`placed`: expected no message, got 1 message\n  + hello',
        location: { file: 'others' },
      },
    ]);
    expect(seen.map(({ standing }) => standing)).toEqual(['unexpected', 'unexpected', 'unexpected']);
    expect([...reported]).toEqual(['shop.orders', 'placed']);
  });

  it('is not missed where what causes it failed; what is too much still is', () => {
    const settings = { tables: { 'shop.orders': 1, 'shop.outbox': 1 } } as const;
    const effects = [row('shop.outbox', 'added'), row('shop.outbox', 'added')];
    expect(messagesOf(judge(settings, effects, { isForgiving: true }))).toEqual([
      expect.stringContaining('`shop.outbox`: expected 1 row added, got 2 rows added'),
    ]);
  });

  it('is waited for only where nothing is too much', () => {
    const settings = { tables: { 'shop.orders': 1 } } as const;
    expect(judge(settings, []).isWaiting).toBe(true);
    expect(judge(settings, [row('shop.orders', 'added')]).isWaiting).toBe(false);
    expect(judge(settings, [row('shop.outbox', 'added')]).isWaiting).toBe(false);
  });

  it('is told apart: what is not the flow’s is no effect of it, and what cannot be told is no verdict', () => {
    const effects = [row('shop.orders', 'added', 'mine'), row('shop.orders', 'added', 'theirs')];
    const isMine = (effect: Effect) => effect.text === 'mine';
    const told = judge({ tables: { 'shop.orders': 1 } }, effects, { attribute: isMine });
    expect([told.problems, told.seen.map(({ standing }) => standing)]).toEqual([[], ['expected', 'of_others']]);
    const tooFew = judge({ tables: { 'shop.orders': 2 } }, effects, { attribute: isMine });
    expect(tooFew.problems[0]?.hints).toEqual(['1 more change of it that `where` does not take: + theirs']);
    const untold = judge({ tables: { 'shop.orders': 2 } }, effects, {
      attribute: (effect) => isMine(effect) || 'who knows',
    });
    expect(untold.problems).toMatchObject([
      { outcome: 'errored', message: "`shop.orders`: it cannot be told whether 1 change is this flow's: who knows" },
    ]);
  });

  it('cannot be said of rows that are only counted', () => {
    expect(judge({ tables: { 'shop.log': 'changed' } }, []).problems).toMatchObject([
      { outcome: 'errored', message: expect.stringContaining('`shop.log` has more rows than `max_rows`') },
    ]);
  });
});
