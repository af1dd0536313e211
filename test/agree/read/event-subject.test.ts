import { describe, expect, it } from 'vitest';
import { readSubject } from '../../../src/agree/read/event-subject.ts';
import type { Value } from '../../../src/expr/index.ts';

const subjectOf = (topic: string, value: Value, headers: Readonly<Record<string, Value>> = {}) =>
  readSubject({ topic, partition: 0, offset: 0, key: null, value, headers, timestamp: null, json: value });

describe('readSubject', () => {
  it.each([
    ['order.placed', {}, ['order'], 'created'],
    ['orders', { event_type: 'OrderPlaced' }, ['order'], 'created'],
    ['orders', { type: 'com.shop.order.placed.v1' }, ['order', 'shop_order', 'com_shop_order'], 'created'],
    ['orders', { type: 'express' }, ['order'], 'state'],
    ['orders', {}, ['order'], 'state'],
    ['dev.order-events.v2', { action: 'created' }, ['order'], 'created'],
    ['order.updated', {}, ['order'], 'changed'],
    ['order.shipped', {}, ['order'], 'other'],
    ['order.payment.failed', {}, ['payment', 'order_payment'], 'other'],
    ['product.inventory.changed', {}, ['inventori', 'product_inventori'], 'changed'],
    ['user_signed_up', {}, ['user'], 'created'],
    ['feed.updated', {}, ['feed'], 'changed'],
    ['shop', { name: 'ORDER_PLACED' }, ['order'], 'created'],
  ] as const)('%s %j is about %s', (topic, value, types, bearing) => {
    expect(subjectOf(topic, value)).toMatchObject({ types, bearing });
  });

  it('reads the type of a header', () => {
    expect(subjectOf('shop', { total: 1 }, { ce_type: 'order.placed' }).types).toEqual(['order']);
  });
});
