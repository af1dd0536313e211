import { describe, expect, it } from 'vitest';
import { awaited, effects, type Followed, follow, http } from './follow-flow.ts';

const ORDER = '7d1f0a52-9c1e-4b7a-8a58-0b6c1f2e3d40';
const SECOND = '7d1f0a52-9c1e-4b7a-8a58-0b6c1f2e3d41';
const USER = '2a9be1f4-54c1-4c05-9f3f-93a0a8f5c611';
const OTHER = 'c0ffee00-1111-4222-8333-444455556666';
const PEN = '11111111-aaaa-4bbb-8ccc-000000000001';

const items = [{ product_id: PEN, quantity: 2 }];
const order = { id: ORDER, user_id: USER, total: 59.98, status: 'pending', items };
const start: readonly Followed[] = [
  http('sign_up', 'POST /users', { id: USER, name: 'Ada' }, { output: { user_id: USER } }),
  http('place', 'POST /orders', order, { output: { order_id: ORDER } }),
];
const row = (table: string, record: object, more: object = {}) => ({
  ...{ table, what: 'added', standing: 'expected', key: null, row: record },
  ...more,
});
const message = (topic: string, value: object) => {
  const head = { topic, partition: 0, offset: 7, key: null, headers: {}, timestamp: null };
  return { topic, what: 'added', standing: 'unexpected', message: { ...head, value, json: value } };
};

const steps = { effects: { isLocal: false } };
const see = (...changes: object[]) => follow([...start, effects('effects', changes)], { steps });

describe('agree: auto with effects', () => {
  it.each([
    ['a row', row('shop.orders', { ...order, items: undefined, total: 599.8 }), 'changes[0].row.total = 599.8'],
    [
      'a changed row',
      row(
        'orders',
        { id: ORDER },
        { what: 'changed', before: { id: ORDER, total: 1 }, after: { id: ORDER, total: 2 } },
      ),
      'changes[0].after.total = 2',
    ],
    ['a message', message('order.placed', { order_id: ORDER, total: 5998 }), 'changes[0].message.value.total = 5998'],
  ])('compares %s', (_name, change, second) => {
    expect(see(change)).toEqual([`place: body.total = 59.98 | effects: ${second}`]);
  });

  it('compares rows of items', () => {
    expect(see(row('order_items', { id: 1, order_id: ORDER, product_id: PEN, quantity: 3 }))).toEqual([
      'place: body.items[0].quantity = 2 | effects: changes[0].row.quantity = 3',
    ]);
  });

  it.each([
    ['of a row', row('notifications', { id: 9, user_id: OTHER }), 'changes[0].row.user_id'],
    ['of a message', message('order.placed', { order_id: OTHER }), 'changes[0].message.value.order_id'],
  ])('finds a reference %s to what the flow does not know', (_name, change, path) => {
    const name = path.split('.').at(-1);
    const known = name === 'user_id' ? `sign_up: user_id = "${USER}"` : `place: order_id = "${ORDER}"`;
    expect(see(change)).toEqual([`${known} | effects: ${path} = "${OTHER}"`]);
  });

  it.each([
    [
      'a state that changed by itself',
      [row('orders', { id: ORDER, status: 'confirmed', total: 59.98, user_id: USER })],
    ],
    ['a row that went', [row('orders', { id: ORDER, total: 1 }, { what: 'deleted' })]],
    ['what a step of the flow wrote', [row('orders', { id: ORDER, total: 1, user_id: OTHER }, { standing: 'own' })]],
    ['what is ignored', [row('orders', { id: ORDER, total: 1, user_id: OTHER }, { standing: 'ignored' })]],
    ['what others wrote', [row('orders', { id: ORDER, total: 1, user_id: OTHER }, { standing: 'of_others' })]],
    ['references under names that the flow does not have', [row('stock', { id: 1, warehouse_id: OTHER })]],
    ['no reference', [row('notifications', { id: 1, user_id: null })]],
    [
      'rows that were only counted',
      [{ table: 'orders', what: 'added', standing: 'expected', number: 3, key: null, row: null }],
    ],
    [
      'a message that is no map',
      [{ ...message('order.placed', {}), message: { topic: 'order.placed', value: 'x', headers: {} } }],
    ],
    ['nothing', []],
  ])('says nothing of %s', (_name, changes) => {
    expect(see(...changes)).toEqual([]);
  });

  it('knows things that the flow was told of without capturing them', () => {
    const second = awaited('told', 'order.placed', { order_id: SECOND, user_id: USER });
    const caused = row('order_items', { id: 1, order_id: SECOND, product_id: PEN });
    expect(follow([...start, second, effects('effects', [caused])], { steps })).toEqual([]);
  });

  it('knows ids that the flow has under another name', () => {
    const other = http('other', 'GET /users/me', {}, { output: { admin: OTHER } });
    const caused = row('notifications', { id: 9, user_id: OTHER });
    expect(follow([...start, other, effects('effects', [caused])], { steps })).toEqual([]);
  });

  it('leaves out what nobody asked for: with -vv alone it is there', () => {
    const caused = row('orders', { id: ORDER, total: 1, user_id: OTHER });
    expect(follow([...start, effects('effects', [caused])])).toEqual([]);
  });
});
