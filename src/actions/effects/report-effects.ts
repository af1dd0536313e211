import type { Value } from '../../expr/index.ts';
import type { Detail } from '../../model/events.ts';
import { groupBy } from '../../util/group-by.ts';
import { takeShown } from '../../util/take-shown.ts';
import {
  countEffects,
  describeEffect,
  type Effect,
  isMine,
  type SeenEffect,
  type Standing,
  toValue,
} from './effect.ts';
import { describeCounts } from './expectation.ts';
import type { Verdict } from './judge-effects.ts';

const MOST_VALUES = 200;
const MOST_LINES = 100;
const MOST_PLACES = 3;

const WORDS: Readonly<Record<Standing, string>> = {
  expected: '',
  unexpected: '   unexpected',
  own: '   by a step of this flow',
  ignored: '   ignored',
  of_others: '   not of this flow, by `where`',
  unjudged: '   not judged',
};

/** What was seen, for the flow and for whoever reads the events. */
export function toResult(seen: readonly SeenEffect[]): { readonly count: number; readonly changes: readonly Value[] } {
  const mine = seen.filter(isMine);
  const count = mine.reduce((sum, { effect }) => sum + effect.number, 0);
  return { count, changes: [...mine, ...seen.filter((one) => !isMine(one))].slice(0, MOST_VALUES).map(toValue) };
}

/** `orders 1 row added, order.placed 1 message`. */
export function describeSeen(seen: readonly SeenEffect[]): string {
  const places = groupBy(
    seen.filter(isMine).map(({ effect }) => effect),
    ({ place }) => place,
  );
  if (places.size === 0) return 'no change';
  const { shown, hidden } = takeShown([...places], MOST_PLACES);
  const parts = shown.map(([place, effects]) => `${place} ${describePlace(effects)}`);
  return [...parts, ...(hidden > 0 ? [`… ${hidden} more`] : [])].join(', ');
}

/** All that was seen, by table and topic; without what problems show already, where there are any. */
export function listSeenDetails({ seen: all, reported }: Pick<Verdict, 'seen' | 'reported'>): readonly Detail[] {
  const seen = all.filter(({ effect }) => !reported.has(effect.place));
  const lines = [...groupBy(seen, ({ effect }) => effect.place)].flatMap(([place, ofPlace]) => [
    place,
    ...ofPlace.map(({ effect, standing }) => `  ${describeEffect(effect)}${WORDS[standing]}`),
  ]);
  const { shown, hidden } = takeShown(lines, MOST_LINES);
  if (lines.length === 0) return [];
  return [
    {
      title: reported.size > 0 ? 'other changes' : 'changes',
      lines: hidden > 0 ? [...shown, `… and ${hidden} more`] : shown,
    },
  ];
}

function describePlace(effects: readonly Effect[]): string {
  return describeCounts(countEffects(effects), effects[0]?.thing ?? 'row');
}
