import { describe, expect, it } from 'vitest';
import { remarksOf } from './remarked.ts';

const DATA = { body: { items: [], ids: [], total: 0, map: {}, full: [1] }, other: { items: [], map: {} }, ids: [] };
const nil = (one: string, two: string): string => `\`${one}\` and \`${two}\` are both nil: nothing was compared`;
const empty = (one: string, two: string): string => `\`${one}\` and \`${two}\` are both empty: nothing was compared`;

describe('two sides that are equal since nothing is in either', () => {
  it.each([
    ['body.items == sortBy(body.items, .id)', empty('body.items', 'sortBy(body.items, .id)')],
    ['map(body.items, .id) == ids', empty('map(body.items, .id)', 'ids')],
    ['body.items == other.items', empty('body.items', 'other.items')],
    ['body.map == other.map', empty('body.map', 'other.map')],
    ['not (body.items != reverse(body.items))', empty('body.items', 'reverse(body.items)')],
    ['body.items[:2] == other.items[:2]', empty('body.items[:2]', 'other.items[:2]')],
    ['join(body.items, ",") == join(other.items, ",")', empty('join(body.items, ",")', 'join(other.items, ",")')],
    [
      'len(body.items) == len(uniq(body.items))',
      '`len(body.items)` and `len(uniq(body.items))` are both 0: nothing was compared',
    ],
    ['max(body.items) == max(other.items)', nil('max(body.items)', 'max(other.items)')],
    ['min(body.items) == max([])', nil('min(body.items)', 'max([])')],
    ['first(body.items) == last(other.items)', nil('first(body.items)', 'last(other.items)')],
    ['first(body.items)?.id == last(ids)?.id', nil('first(body.items)?.id', 'last(ids)?.id')],
    ['body.gone == last(ids)', nil('body.gone', 'last(ids)')],
    ['find(body.full, # == 2) == find(body.full, # == 3)', nil('find(body.full, # == 2)', 'find(body.full, # == 3)')],
    ['not (findIndex(ids, # == 1) != find(ids, # == 2))', nil('findIndex(ids, # == 1)', 'find(ids, # == 2)')],
    ['same_items(body.items, ids)', 'both lists of `same_items` are empty: nothing was compared'],
    ['body.total == sum(body.items, .price)', '`body.items` of `sum(…)` has no items: it gives 0'],
    ['sum(body.items) == body.total', '`body.items` of `sum(…)` has no items: it gives 0'],
    ['sum(filter(body.full, # > 5)) <= 10', '`filter(body.full, # > 5)` of `sum(…)` has no items: it gives 0'],
    ['sum(body.none ?? []) <= 10', '`body.none ?? []` of `sum(…)` has no items: it gives 0'],
    ['count(body.items, .bad) <= 3', '`body.items` of `count(…)` has no items: nothing was checked'],
    ['len(filter(body.items, .bad)) < 3', '`body.items` of `filter(…)` has no items: nothing was checked'],
    ['approx(body.total, sum(body.items), 0.1)', '`body.items` of `sum(…)` has no items: it gives 0'],
  ])('are noted: %s', (source, note) => {
    expect(remarksOf(source, DATA)).toEqual([note]);
  });

  it.each([
    'sum(body.items) <= 10',
    '0 <= sum(body.items) < 10',
    '10 > sum(body.items, .price)',
    'not (sum(body.items) > 10)',
    'not (10 <= sum(body.items))',
    'sum(body.items) == 0',
    'sum(body.items) != 5',
    'sum(body.items) in 0..10',
    'sum(body.items) not in [5]',
    'abs(body.total - sum(body.items)) < 1',
  ])('are noted of a sum that is to be small, or some value: %s', (source) => {
    expect(remarksOf(source, DATA)).toEqual(['`body.items` of `sum(…)` has no items: it gives 0']);
  });

  const reduced = (list: string, value: string): string =>
    `\`${list}\` of \`reduce(…)\` has no items: it gives ${value}`;
  it.each([
    ['reduce(body.items, #acc + .price, 0) <= 10', reduced('body.items', 'its start value')],
    ['reduce(body.none ?? [], #acc + .price, 0) == 0', reduced('body.none ?? []', 'its start value')],
    ['reduce(body.items, #acc > .price ? #acc : .price, 0) < 100', reduced('body.items', 'its start value')],
    ['body.total == reduce(body.items, #acc + .price, 0)', reduced('body.items', 'its start value')],
    ['not (reduce(body.items, #acc + .price, 0) > 10)', reduced('body.items', 'its start value')],
    ['reduce(body.items, #acc and .ok, true)', reduced('body.items', 'its start value')],
    ['reduce(body.items, #acc and .ok, true) == true', reduced('body.items', 'its start value')],
    ['not reduce(body.items, #acc or .bad, false)', reduced('body.items', 'its start value')],
  ])('are noted of what a list is reduced to: %s', (source, note) => {
    expect(remarksOf(source, DATA)).toEqual([note]);
  });

  it.each([
    'reduce(body.full, #acc + #, 0) == 1',
    'reduce(body.items, #acc + .price, 0) >= 0',
    'len(body.items) == 0 or reduce(body.items, #acc + .price, 0) <= 10',
    'body.items == []',
    'map(body.items, .id) == []',
    'body.items == ids',
    'body.map == {}',
    'body.full == sort(body.full)',
    'len(body.items) == body.total',
    'len(body.items) == 0',
    'first(body.items) == nil',
    'max(body.full) == first(body.full)',
    'sum(body.full) == 1',
    'sum(body.items) >= 0',
    'len(body.items) == 0 or sum(body.items) < 100',
    'sum(body.full) <= 100',
    'count(body.full, # > 5) <= 3',
    'len(body.items) <= 3',
    'len(body.full) == len(uniq(body.full))',
  ])('are not where something is there, or nothing is expected in so many words: %s', (source) => {
    expect(remarksOf(source, DATA)).toEqual([]);
  });
});
