import { describe, expect, it } from 'vitest';
import { NamedIds } from '../../../src/agree/judge/named-ids.ts';

const UUID = '7d1f0a52-9c1e-4b7a-8a58-0b6c1f2e3d40';

describe('NamedIds', () => {
  it.each([
    ['put http://shop.test/orders/7 ', ['7']],
    ['{"id":7,"total":70}', ['7']],
    ['{"total":70}', []],
    ['orders/17', []],
    ['order-7', ['7']],
    ['order_7', ['7']],
    [`{"order":"${UUID}"}`, [UUID]],
    [`orders_${UUID}`, [UUID]],
    [`urn:order:${UUID}`, [UUID]],
    ['select 1 where email = ada@shop.test', ['ada@shop.test']],
    ['', []],
  ])('finds in %j: %j', (text, found) => {
    expect([...new NamedIds(['7', UUID, 'ada@shop.test']).find(text)]).toEqual(found);
  });
});
