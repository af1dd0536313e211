import { describe, expect, it } from 'vitest';
import { foldName, kindOfName } from '../../../src/agree/words/field-name.ts';
import { splitWords, toType, typeOfReference } from '../../../src/agree/words/type-name.ts';

describe('types', () => {
  it.each([
    ['orders', 'order'],
    ['order_service.orders', 'Order'],
    ['purchase-orders', 'PurchaseOrder'],
    ['categories', 'category'],
    ['statuses', 'status'],
    ['addresses', 'address'],
    ['purchases', 'purchase'],
    ['boxes', 'box'],
    ['public.tax_cases', 'taxCase'],
  ])('are one for `%s` and `%s`', (many, one) => {
    expect(toType(many)).toBe(toType(one));
  });

  it.each([
    ['user', 'users_archive'],
    ['order', 'order_item'],
    ['order', 'border'],
    ['news', 'address'],
  ])('are two for `%s` and `%s`', (a, b) => {
    expect(toType(a)).not.toBe(toType(b));
  });

  it.each([
    ['order_id', 'order'],
    ['orderId', 'order'],
    ['orderID', 'order'],
    ['purchase_order_id', 'purchase_order'],
    ['id', undefined],
    ['paid', undefined],
    ['is_valid', undefined],
  ])('of the reference `%s`: %s', (field, type) => {
    expect(typeOfReference(field)).toBe(type);
  });

  it('splits names into words', () => {
    expect(splitWords('com.shop.HTTPOrder_placed-v2')).toEqual(['com', 'shop', 'http', 'order', 'placed', 'v2']);
  });
});

describe('fields', () => {
  it('have one name whatever their case', () => {
    expect(new Set(['user_id', 'userId', 'UserID', 'user-id'].map(foldName))).toEqual(new Set(['userid']));
  });

  it.each([
    ['user_id', 'reference'],
    ['requestId', 'skipped'],
    ['total', 'amount'],
    ['unitPrice', 'amount'],
    ['total_tax', 'amount'],
    ['status', 'state'],
    ['paymentState', 'state'],
    ['is_active', 'state'],
    ['updatedAt', 'skipped'],
    ['last_login', 'skipped'],
    ['updated_by', 'skipped'],
    ['version', 'skipped'],
    ['lock_version', 'skipped'],
    ['image_url', 'skipped'],
    ['api_token', 'skipped'],
    ['name', 'text'],
    ['update_note', 'text'],
  ])('`%s` holds: %s', (name, kind) => {
    expect(kindOfName(name)).toBe(kind);
  });
});
