import { describe, expect, it } from 'vitest';
import { awaited, type Followed, type FollowOptions, followed, http } from './follow-flow.ts';

const order = {
  id: 'o-17',
  user_id: 'u1',
  total: 10.5,
  items: [{ product_id: 'p1', quantity: 2 }],
  meta: { tag: 'x' },
};
const place: Followed = http('place', 'POST /orders', order, { output: { order_id: 'o-17' } });
const read: Followed = http('read', 'GET /orders/o-17', order);
const event: Followed = awaited('announced', 'order.placed', { order_id: 'o-17', total: 10.5, note: null });
const broken: Followed = (events) => void events.step('late', { outcome: 'failed' });

function tell(things: FollowOptions['things'], steps: readonly Followed[] = [place, read, event]) {
  const { problems, details } = followed(steps, things ? { things } : {});
  expect(problems).toEqual([]);
  return details.filter(({ isExtra }) => !isExtra).map(({ title, lines }) => [title, ...lines]);
}

describe('what is to agree and was seen nowhere', () => {
  it.each<[string, NonNullable<FollowOptions['things']>, string]>([
    ['a field', { order: { ids: ['o-17'], fields: ['totl'] } }, '`order`: no field `totl`: did you mean `total`?'],
    [
      'one of items',
      { order: { ids: ['o-17'], fields: ['items.quantty'] } },
      '`order`: no field `items.quantty`: did you mean `items.quantity`?',
    ],
    ['one that is left out', { order: { ids: ['o-17'], except: ['updated_at'] } }, '`order`: no field `updated_at`'],
    ['a thing', { ordr: { ids: ['o-17'], fields: ['total'] } }, '`ordr`: what has the id `o-17` is `order`'],
    [
      'an id',
      { order: { ids: ['o-71'], fields: ['total'] } },
      '`order`: nothing has the id `o-71`; of this type was seen `o-17`',
    ],
    ['an id of a thing that nobody saw', { user: { ids: ['u7'] } }, '`user`: nothing has the id `u7`'],
  ])('is told: %s', (_title, things, line) => {
    expect(tell(things)).toEqual([['agree: named, and seen nowhere', line]]);
  });

  const location = { file: 'flow.yaml', line: 3, column: 5, endLine: 3, endColumn: 10 };
  it.each<[string, NonNullable<FollowOptions['things']>, string, string[]]>([
    [
      'a field',
      { order: { ids: ['o-17'], fields: ['totl'], location } },
      '`agree`: `order`: no field `totl`',
      ['did you mean `total`?'],
    ],
    ['a type', { ordr: { ids: ['o-17'], location } }, '`agree`: `ordr`: what has the id `o-17` is `order`', []],
  ])('is an error where the flow says so itself: %s', (_title, things, message, hints) => {
    const { problems, details } = followed([place, read, event], { things });
    expect(problems).toEqual([{ outcome: 'errored', kind: 'authoring', message, hints, location }]);
    expect(details.filter(({ isExtra }) => !isExtra)).toEqual([]);
  });

  it.each<[string, NonNullable<FollowOptions['things']>]>([
    ['what is left out', { order: { ids: ['o-17'], except: ['updated_at'], location } }],
    ['an id that nothing has', { order: { ids: ['o-71'], location } }],
  ])('is no error where it is %s', (_title, things) => {
    expect(followed([place, read, event], { things }).problems).toEqual([]);
  });

  it.each<[string, FollowOptions['things'], (readonly Followed[])?]>([
    ['nothing is named', undefined],
    [
      'all is there',
      { order: { ids: ['o-17'], fields: ['total', 'Total', 'items', 'item.quantity', 'meta.tag', 'note'] } },
    ],
    ['the name of many', { orders: { ids: ['o-17', 'o-18'], fields: ['total'] } }],
    ['an id that the flow never took', { order: { ids: [], fields: ['totl'] } }],
    ['a flow that was broken off', { order: { ids: ['o-71'] } }, [place, broken]],
  ])('is not told where %s', (_title, things, steps) => {
    expect(tell(things, steps)).toEqual([]);
  });
});
