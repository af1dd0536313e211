import { describe, expect, it } from 'vitest';
import { CaptureError } from '../../src/capture/capture-error.ts';
import { compilePath } from '../../src/capture/path.ts';
import type { Value } from '../../src/expr/index.ts';
import { repeats } from '../support/sample.ts';

const inFullRun = it.runIf(repeats('further tests of near misses', 1, 0) > 0);

const BODY = {
  items: [
    { id: 1, price: 20, vip: 'true', st: 'Failed' },
    { id: 2, price: 5, vip: 'false', st: 'paid' },
  ],
};

function slipsOf(path: string, body: Value = BODY): readonly string[] {
  try {
    compilePath(path).find({ status: 200, body }, new Map(), { now: () => 0 });
    throw new Error(`${path} finds something`);
  } catch (error) {
    if (!(error instanceof CaptureError)) throw error;
    return error.listSlips();
  }
}

const so = (test: string, by: string): string => `\`${test}\` is so of an item of \`body.items\` but for ${by}`;

describe('a path that found nothing, by what alone', () => {
  it.each([
    ['$.body.items[?@.prise > 3].id', 'no item of `body.items` has `prise`; there is `price`'],
    ['$.body.items[?@.prise].id', 'no item of `body.items` has `prise`; there is `price`'],
    ['$.body.Items[*].id', '`body` has no `Items`; there is `items`'],
    ['$.body.items[*].prise', 'nothing in `body.items[*]` has `prise`; there is `price`'],
    ['$..prise', 'nothing below the body has `prise`; there is `price`'],
    ['$.body.items[?@.price > "10"].id', '`@.price > "10"` compares int with string: it is so but for type'],
    ['$.body.items[?@.price == "20"].id', so('@.price == "20"', 'type')],
    ['$.body.items[?@.vip == true].id', so('@.vip == true', 'type')],
    ['$.body.items[?@.vip == "TRUE"].id', so('@.vip == "TRUE"', 'letter case')],
    ['$.body.items[?@.id == 1 && @.price == "20"].id', so('@.price == "20"', 'type')],
    [
      '$.body.items[?match(@.price, "2.*")].id',
      '`match(@.price, "2.*")` looks into texts alone, and got int: it is so but for type',
    ],
  ])('is said: %s', (path, slip) => {
    expect(slipsOf(path)).toEqual([slip]);
  });

  it.each([
    '$.body.items[?@.price > 30].id',
    '$.body.items[?@.discount > 3].id',
    '$.body.items[?@.price == "21"].id',
    '$.body.items[?@.price > "30"].id',
    '$.body.items[?@.id == 3 && @.price == "20"].id',
    '$.body.items[?@.price == "20" && @.id == 3].id',
    '$.body.items[?@.price < "5"].id',
    '$.body.items[?@.st < "failed" && @.id > 1].id',
    '$.body.items[?(@.price == "20" || @.id == 1) && @.id == 7].id',
    '$.body.items[?match(@.price, "3.*")].id',
    '$.body.orders[*].id',
    '$..discount',
    '$.body.items[2:].id',
  ])('is not where it is another: %s', (path) => {
    expect(slipsOf(path)).toEqual([]);
  });

  inFullRun('is looked for in no more than can be quick', () => {
    const body = { items: Array.from({ length: 100_000 }, (_, id) => ({ id, price: id === 99_999 ? 7 : 8 })) };
    expect(slipsOf('$.body.items[?@.price == "7"].id', body)).toEqual([]);
    expect(slipsOf('$..prise', body)).toHaveLength(1);
  });
});
