import { describe, expect, it } from 'vitest';
import type { Effect } from '../../../src/actions/effects/effect.ts';
import { createColumnCheck } from '../../../src/actions/effects/unknown-columns.ts';
import { compile, type ValueMap } from '../../../src/expr/index.ts';
import { createSourceFile } from '../../../src/model/source-file.ts';

const row = (place: string, after: ValueMap): Effect => ({
  ...{ thing: 'row', place, what: 'added', number: 1, text: 'x', key: null, before: null, after },
});
const order = row('shop.orders', { id: 1, user_id: 7, total: 5 });
const product = row('shop.products', { id: 2, name: 'Pen' });
const file = createSourceFile('flow.yaml', '/flow.yaml', '');

function at(source: string) {
  const text = { text: source, span: { file, start: 0, end: 0 }, offsets: undefined };
  return { expression: compile(source), text } as never;
}

describe('columns that `where` reads', () => {
  it.each<[string, string | undefined]>([
    [
      'record.usr_id == user_id',
      '`where` reads `record.usr_id`, and there is `id`, `user_id` and `total`; did you mean `record.user_id`?',
    ],
    ['record.user_id == user_id', undefined],
    // Of another table that came, or of one that did not.
    ['record.name == "Pen"', undefined],
    ['record.sku == "p"', undefined],
  ])('of all tables: %s', (source, told) => {
    expect(createColumnCheck(at(source), [order, product])(order)).toBe(told);
  });

  it('of one table have to be there', () => {
    const where = { 'shop.o*': at('record.sku == 1'), '*': at('record.id == 1') };
    const check = createColumnCheck(where, [order, product]);
    expect(check(order)).toBe('`where` reads `record.sku`, and there is `id`, `user_id` and `total`');
    expect(check(product)).toBeUndefined();
  });
});
