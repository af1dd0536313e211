import { describe, expect, it } from 'vitest';
import {
  awaited,
  beside,
  type Followed,
  follow,
  http,
  inside,
  lingering,
  other,
  poll,
  sent,
  sql,
} from './follow-flow.ts';

const ORDER = '7d1f0a52-9c1e-4b7a-8a58-0b6c1f2e3d40';
const USER = '2a9be1f4-54c1-4c05-9f3f-93a0a8f5c611';
const OTHER = 'c0ffee00-1111-4222-8333-444455556666';
const PEN = '11111111-aaaa-4bbb-8ccc-000000000001';
const INK = '11111111-aaaa-4bbb-8ccc-000000000002';

const order = {
  ...{ id: ORDER, user_id: USER, total: 59.98, status: 'pending', created_at: '2026-01-31T10:00:00.123Z' },
  items: [
    { id: 'i-1', order_id: ORDER, product_id: PEN, quantity: 2, price: 59.98 },
    { id: 'i-2', order_id: ORDER, product_id: INK, quantity: 1, price: 5 },
  ],
};
const placed = { event_type: 'order.placed', order_id: ORDER, user_id: USER, total: 59.98 };
const byId = ['SELECT * FROM order_service.orders WHERE id = $1', [ORDER]] as const;

const place = (change: object = {}) =>
  http('place', 'POST /api/v1/orders', { ...order, ...change }, { output: { order_id: ORDER } });
const read = (change: object = {}, id = 'read') => http(id, `GET /api/v1/orders/${ORDER}`, { ...order, ...change });
const row = (change: object = {}, id = 'row') => sql(id, byId, [{ ...order, items: undefined, ...change }]);
const event = (change: object = {}, id = 'announced') => awaited(id, 'order.placed', { ...placed, ...change });

const product = { id: PEN, name: 'Pen', price: 29.99, inventory: 10, description: 'blue' };
const makePen = (change: object = {}) =>
  http('make', 'POST /api/v1/products', { ...product, ...change }, { output: { product_id: PEN } });
const readPen = (change: object = {}, id = 'read_pen') =>
  http(id, `GET /api/v1/products/${PEN}`, { ...product, ...change });
const makeUser = http(
  'sign_up',
  'POST /api/v1/users',
  { id: USER, name: 'Ada', status: 'active', total: 1 },
  {
    output: { user_id: USER },
  },
);

type Case = readonly [name: string, steps: readonly Followed[], expected: readonly string[]];

const contradictions: readonly Case[] = [
  [
    'total of the answer and of the event, a hundred times as high',
    [place(), event({ total: 5998 })],
    ['place: body.total = 59.98 | announced: message.value.total = 5998'],
  ],
  [
    'total of the answer and of the row, ten times as high',
    [place(), row({ total: 599.8 })],
    ['place: body.total = 59.98 | row: rows[0].total = 599.8'],
  ],
  [
    'status of the answer and of the row',
    [place(), row({ status: 'confirmed' })],
    ['place: body.status = "pending" | row: rows[0].status = "confirmed"'],
  ],
  [
    'user of the answer and of the row',
    [place(), row({ user_id: OTHER })],
    [`place: body.user_id = "${USER}" | row: rows[0].user_id = "${OTHER}"`],
  ],
  [
    'user of the answer and of the event',
    [place(), event({ user_id: OTHER })],
    [`place: body.user_id = "${USER}" | announced: message.value.user_id = "${OTHER}"`],
  ],
  [
    'quantity of an item in the answer and in its row',
    [
      place(),
      sql(
        'items',
        ['SELECT product_id, quantity FROM order_service.order_items WHERE order_id = $1', [ORDER]],
        [
          { product_id: INK, quantity: 1 },
          { product_id: PEN, quantity: 3 },
        ],
      ),
    ],
    ['place: body.items[0].quantity = 2 | items: rows[1].quantity = 3'],
  ],
  [
    'quantity of an item in the answer and in the event',
    [place(), event({ items: [{ productId: PEN, quantity: 3 }] })],
    ['place: body.items[0].quantity = 2 | announced: message.value.items[0].quantity = 3'],
  ],
  [
    'a row that is joined by its condition alone',
    [
      place(),
      sql('row', ['SELECT total, status FROM orders WHERE id = $1', [ORDER]], [{ total: 1, status: 'pending' }]),
    ],
    ['place: body.total = 59.98 | row: rows[0].total = 1'],
  ],
  [
    'a row of several, by its own id',
    [
      place(),
      sql(
        'rows',
        ['SELECT id, total FROM orders WHERE user_id = $1', [USER]],
        [
          { id: OTHER, total: 7 },
          { id: ORDER, total: 8 },
        ],
      ),
    ],
    ['place: body.total = 59.98 | rows: rows[1].total = 8'],
  ],
  [
    'a message that says how the order is',
    [place(), awaited('told', 'orders', { order_id: ORDER, total: 1 })],
    ['place: body.total = 59.98 | told: message.value.total = 1'],
  ],
  [
    'an event in an envelope, its type in a header',
    [
      place(),
      awaited(
        'told',
        'orders',
        { data: { orderId: ORDER, total: 1 } },
        { headers: { 'ce-type': 'com.shop.OrderPlaced.v1' } },
      ),
    ],
    ['place: body.total = 59.98 | told: message.value.data.orderId = 1'.replace('orderId', 'total')],
  ],
  [
    'an event that has the thing under its name',
    [place(), awaited('told', 'order.placed', { id: 'e-1', order: { id: ORDER, total: 1 } })],
    ['place: body.total = 59.98 | told: message.value.order.total = 1'],
  ],
  [
    'a list of orders',
    [
      place(),
      http('list', 'GET /api/v1/orders?user_id=7', {
        orders: [
          { id: OTHER, total: 1 },
          { ...order, total: 2 },
        ],
      }),
    ],
    ['place: body.total = 59.98 | list: body.orders[1].total = 2'],
  ],
  [
    'names of fields in another case',
    [place(), http('read', `GET /orders/${ORDER}`, { id: ORDER, userId: OTHER })],
    [`place: body.user_id = "${USER}" | read: body.userId = "${OTHER}"`],
  ],
  [
    'a nested map',
    [place({ ship_to: { city: 'Bonn' } }), read({ shipTo: { city: 'Ulm' } })],
    ['place: body.ship_to.city = "Bonn" | read: body.shipTo.city = "Ulm"'],
  ],
  [
    'when it was made, two hours apart',
    [place(), read({ created_at: '2026-01-31T12:00:00.123Z' })],
    ['place: body.created_at = "2026-01-31T10:00:00.123Z" | read: body.created_at = "2026-01-31T12:00:00.123Z"'],
  ],
  [
    'after a change, the row and the answer to it',
    [
      place(),
      http('change', `PATCH /api/v1/orders/${ORDER}`, { ...order, total: 70 }, { sent: { total: 70 } }),
      row({ total: 59.98 }),
    ],
    ['change: body.total = 70 | row: rows[0].total = 59.98'],
  ],
  [
    'an event that is none of what was so before and after a change',
    [
      place(),
      http('change', `PATCH /api/v1/orders/${ORDER}`, { ...order, total: 70 }),
      awaited('told', 'order.updated', { order_id: ORDER, total: 7000 }),
    ],
    ['change: body.total = 70 | told: message.value.total = 7000'],
  ],
  [
    'the last look of a poll, of what it did not wait for',
    [place(), poll('wait', [sql('look', byId, []), row({ total: 7 }, 'look')])],
    ['place: body.total = 59.98 | wait: rows[0].total = 7'],
  ],
  [
    'a thing with an id that the flow made up',
    [
      http('create', 'PUT /api/v1/orders/b7f0c1d2-0000-4000-8000-00000000000a', undefined, {
        status: 204,
        sent: { id: 'b7f0c1d2-0000-4000-8000-00000000000a', total: 10 },
      }),
      http('read', 'GET /api/v1/orders/b7f0c1d2-0000-4000-8000-00000000000a', {
        id: 'b7f0c1d2-0000-4000-8000-00000000000a',
        total: 11,
      }),
    ],
    ['create: request.body.total = 10 | read: body.total = 11'],
  ],
  [
    'a total of the row, though an event about something else names the order with one of its own',
    [
      place(),
      event(),
      awaited('paid', 'order.payment.created', { payment_id: 'p-1', order_id: ORDER, total: 1 }),
      row({ total: 7 }),
    ],
    ['place: body.total = 59.98 | row: rows[0].total = 7'],
  ],
  [
    'a status behind steps that ran beside each other',
    [inside('par', place()), row({ status: 'confirmed' })],
    ['par>place: body.status = "pending" | row: rows[0].status = "confirmed"'],
  ],
  [
    'a status though a request to a thing that it has nothing to do with came between',
    [
      http('other', 'POST /api/v1/products', { id: OTHER, name: 'Cup' }),
      place(),
      http('restock', `POST /api/v1/products/${OTHER}/stock`, { id: OTHER, inventory: 20 }),
      row({ status: 'confirmed' }),
    ],
    ['place: body.status = "pending" | row: rows[0].status = "confirmed"'],
  ],
  [
    'a name though something else was made meanwhile',
    [makeUser, makePen(), http('read', `GET /users/${USER}`, { id: USER, name: 'Eve' })],
    ['sign_up: body.name = "Ada" | read: body.name = "Eve"'],
  ],
  [
    'what a sub-resource answers that is the thing itself',
    [place(), http('cancel', `GET /orders/${ORDER}/summary`, { ...order, total: 1 })],
    ['place: body.total = 59.98 | cancel: body.total = 1'],
  ],
];

/** What healthy services say. */
const agreeing: readonly (readonly [name: string, steps: readonly Followed[]])[] = [
  ['a thing that is seen once', [place()]],
  [
    'the same numbers, written in other ways',
    [place({ total: 1299 }), row({ total: '1299.00' }), event({ total: 1299.0 })],
  ],
  ['a decimal of SQL as a text', [place(), read({ total: '59.980' })]],
  [
    'digits beyond a double',
    [
      http('place', 'POST /orders', `{"id": "${ORDER}", "big": 9007199254740993}`, { output: { order_id: ORDER } }),
      http('read', `GET /orders/${ORDER}`, `{"id": "${ORDER}", "big": 9007199254740993}`),
    ],
  ],
  ['what calculations with doubles add', [place({ total: 60.28 }), read({ total: 60.279999999999994 })]],
  ["a user's id and the order's user_id", [makeUser, place({ id: ORDER }), event()]],
  ['a status of the user and one of the order', [makeUser, place(), row()]],
  [
    'a price of the product and one of the item',
    [makePen(), place(), event({ items: [{ product_id: PEN, quantity: 2, price: 59.98 }] })],
  ],
  ['a total of the page, beside the orders', [place(), http('list', 'GET /orders', { total: 57, items: [order] })]],
  [
    'orders of others in a list',
    [place(), http('list', 'GET /orders', { orders: [{ ...order, id: OTHER, total: 1 }, order] })],
  ],
  [
    'two pages of a list',
    [
      place(),
      http('page_1', 'GET /orders?page=1', { orders: [{ ...order, id: OTHER, total: 1 }], count: 1 }),
      http('page_2', 'GET /orders?page=2', { orders: [order], count: 1 }),
    ],
  ],
  ['cents, under another name', [place(), row({ total_cents: 5998 }), event({ total_in_cents: 5998 })]],
  ['fields that one side lacks', [place(), row({ total: undefined, note: 'x' })]],
  ['null in the place of a value', [place({ shipped_by: null }), row({ shipped_by: 'DHL', total: null })]],
  ['an empty text for nothing', [place({ note: '' }), row({ note: 'x' })]],
  ['a time in another zone', [place(), read({ created_at: '2026-01-31T11:00:00.123+01:00' })]],
  ['a time with more digits', [place(), row({ created_at: '2026-01-31T10:00:00.123456Z' })]],
  ['a time without its parts', [place(), row({ created_at: '2026-01-31T10:00:00Z' })]],
  ['a time without a zone', [place(), row({ created_at: '2026-01-31T12:00:00.123' })]],
  ['times of change', [place({ updated_at: '2026-01-31T10:00:00Z' }), row({ updated_at: '2026-02-01T10:00:00Z' })]],
  ['versions', [place({ version: 1, etag: 'a' }), read({ version: 2, etag: 'b' })]],
  ['a time of the event', [place(), event({ created_at: '2026-03-01T00:00:00Z', timestamp: 'x' })]],
  ['enums in another case', [place(), row({ status: 'PENDING' }), event({ status: 'ORDER_STATUS_PENDING' })]],
  ['words with other separators', [place({ kind: 'next-day' }), row({ kind: 'NEXT_DAY' })]],
  ['ids of a kind and names', [place({ status: 1 }), row({ status: 'pending' })]],
  ['0 and 1 for bools', [place({ gift: true }), row({ gift: 1 })]],
  ['a bool as a text', [place({ gift: false }), row({ gift: 'f' })]],
  ['lists in another order', [place({ tags: ['a', 'b'] }), row({ tags: ['b', 'a'] })]],
  ['a part of a list', [place({ tags: ['a', 'b'] }), row({ tags: ['a'] })]],
  ['items in another order', [place(), read({ items: order.items.toReversed() })]],
  ['items that one side lacks', [place(), event({ items: [{ product_id: PEN, quantity: 2, price: 59.98 }] })]],
  [
    'two items of one product',
    [
      place({
        items: [
          { product_id: PEN, quantity: 2 },
          { product_id: PEN, quantity: 3 },
        ],
      }),
      event({
        items: [
          { product_id: PEN, quantity: 3 },
          { product_id: PEN, quantity: 2 },
        ],
      }),
    ],
  ],
  [
    'items of another kind of the same order',
    [
      place(),
      sql(
        'reserved',
        ['SELECT product_id, quantity FROM stock.reservations WHERE order_id = $1', [ORDER]],
        [{ product_id: PEN, quantity: 1 }],
      ),
    ],
  ],
  [
    'items of another order',
    [
      place(),
      sql(
        'items',
        ['SELECT product_id, quantity FROM order_items WHERE order_id = $1', [OTHER]],
        [{ product_id: PEN, quantity: 9 }],
      ),
    ],
  ],
  ['a masked value', [place({ card: '4242424242424242' }), row({ card: '************4242' })]],
  ['a password and its hash', [place({ password: 'x1' }), row({ password: '$2b$10$abc' })]],
  [
    'a text that is cut',
    [place({ note: 'bring it to the back door' }), http('list', 'GET /orders', [{ id: ORDER, note: 'bring it to…' }])],
  ],
  ['a text with other blanks', [place({ note: 'a  b ' }), row({ note: 'a b' })]],
  ['letters composed otherwise', [place({ note: 'Zoe\u0308' }), row({ note: 'Zo\u00eb' })]],
  ['a reference with what it is of', [place(), read({ user_id: `users/${USER}` })]],
  ['an id in capital letters', [place(), read({ id: ORDER.toUpperCase(), user_id: USER.toUpperCase() })]],
  [
    'an address of its own on each way',
    [place({ url: 'http://a/1' }), read({ url: 'http://b/1', self: 'y', href: 'z' })],
  ],
  ['ids of requests', [place({ request_id: 'r-1', trace_id: 't' }), row({ request_id: 'r-2', trace_id: 'u' })]],
  [
    'an answer that was refused',
    [place(), http('pay', `POST /orders/${ORDER}/pay`, { id: ORDER, total: 0, status: 'refused' }, { status: 409 })],
  ],
  [
    'an order that is not there',
    [place(), http('read', `GET /orders/${ORDER}`, { id: ORDER, error: 'gone', status: 404 }, { status: 404 })],
  ],
  [
    'a request that was refused',
    [
      place(),
      http('put', `PUT /orders/${ORDER}`, { error: 'no' }, { status: 422, sent: { id: ORDER, total: -1 } }),
      read(),
    ],
  ],
  [
    'a request whose answer says otherwise',
    [place(), http('put', `PUT /orders/${ORDER}`, order, { sent: { ...order, total: 1, user_id: OTHER } })],
  ],
  [
    'an answer that only promises',
    [
      http(
        'place',
        'POST /orders',
        { id: ORDER, status: 'accepted', total: 0 },
        { status: 202, output: { order_id: ORDER } },
      ),
      read(),
    ],
  ],
  [
    'before and after an update',
    [
      place(),
      read(),
      http('change', `PUT /orders/${ORDER}`, { ...order, total: 70, status: 'paid' }),
      row({ total: 70, status: 'paid' }),
      read({ total: 70, status: 'paid' }, 'again'),
    ],
  ],
  [
    'before and after an update without an answer',
    [
      place(),
      http('change', `PATCH /orders/${ORDER}`, undefined, { status: 204, sent: { total: 70 } }),
      row({ total: 70, status: 'paid' }),
    ],
  ],
  [
    'an update that is still going on',
    [
      place(),
      http('cancel', `POST /orders/${ORDER}/cancel`, undefined, { status: 204 }),
      read({ status: 'cancelling', total: 59.98 }),
      row({ status: 'cancelled', total: 0 }),
    ],
  ],
  [
    'an action on it that answers something else',
    [
      place(),
      http('pay', `POST /orders/${ORDER}/payments`, { id: 'p-1', order_id: ORDER, status: 'captured', amount: 5 }),
      read({ status: 'paid' }),
    ],
  ],
  [
    'what a request to another thing changes',
    [
      place(),
      http(
        'pay',
        'POST /payments',
        { id: 'p-123456789', order_id: ORDER, status: 'captured' },
        { sent: { order_id: ORDER } },
      ),
      read({ status: 'paid' }),
    ],
  ],
  [
    'what a request to its user changes',
    [
      makeUser,
      place(),
      http('off', `POST /users/${USER}/deactivate`, undefined, { status: 204 }),
      read({ status: 'cancelled' }),
    ],
  ],
  [
    'what a request changes that names nothing',
    [place(), http('job', 'POST /jobs/nightly', { ok: true }), read({ status: 'closed' })],
  ],
  ['stock that an order lowers', [makePen(), place(), readPen({ inventory: 8 })]],
  [
    'stock that an order lowers some time later',
    [
      makePen(),
      place(),
      readPen(),
      sql('row', ['SELECT inventory FROM products WHERE id = $1', [PEN]], [{ inventory: 8 }]),
    ],
  ],
  [
    'what SQL of the flow changes',
    [
      place(),
      sql('pay', ['UPDATE orders SET status = $2, total = 1 WHERE id = $1', [ORDER, 'paid']], []),
      read({ status: 'paid', total: 1 }),
    ],
  ],
  [
    'what SQL of the flow changes without naming it',
    [place(), sql('pay', ["UPDATE orders SET status = 'paid'"], []), read({ status: 'paid' })],
  ],
  [
    'what a message of the flow changes',
    [place(), sent('send', 'order.paid', { order_id: ORDER }), read({ status: 'paid', total: 1 })],
  ],
  [
    'a message that the flow sends to be refused',
    [place(), sent('send', 'order.updated', { order_id: ORDER, total: -1 }), read()],
  ],
  [
    'a status that changes by itself, which is waited for',
    [place(), awaited('paid', 'order.paid', { order_id: ORDER, status: 'paid' }), read({ status: 'paid' })],
  ],
  [
    'a status that changes while something else is waited for',
    [place(), poll('notified', [http('look', 'GET /notifications', { count: 1 })]), row({ status: 'confirmed' })],
  ],
  ['a status that changes in a pause', [place(), other('sleep'), row({ status: 'confirmed' })]],
  ['a status that a poll waits for', [place(), poll('wait', [read({}, 'look'), read({ status: 'paid' }, 'look')])]],
  ['a status that is there at the first look of a poll', [place(), poll('wait', [read({ status: 'paid' }, 'look')])]],
  [
    'a total that is waited for',
    [place({ total: 0 }), poll('wait_priced', [read({ total: 59.98 }, 'look')]), row({ total: 59.98 })],
  ],
  ['looks of a poll before the last', [place(), poll('wait', [row({ total: 1 }, 'look'), row({}, 'look')])]],
  [
    'a field that two looks at one place show changing',
    [place({ seats: 3 }), read({ seats: 3 }), read({ seats: 2 }, 'again'), row({ seats: 1 })],
  ],
  [
    'events one after another',
    [
      place(),
      event({ status: 'pending' }),
      awaited('told', 'order.events', [
        { type: 'OrderPlaced', order_id: ORDER, status: 'pending' },
        { type: 'OrderShipped', order_id: ORDER, status: 'shipped' },
      ]),
      row({ status: 'shipped' }),
    ],
  ],
  [
    'an event from before an update',
    [
      place(),
      http('change', `PUT /orders/${ORDER}`, { ...order, total: 70, status: 'paid' }),
      event({ status: 'pending' }),
    ],
  ],
  [
    'an event from between two updates of which nothing is known',
    [
      place(),
      http('one', `PATCH /orders/${ORDER}`, undefined, { status: 204 }),
      awaited('told', 'order.updated', { order_id: ORDER, total: 65 }),
      http('two', `PATCH /orders/${ORDER}`, { ...order, total: 70 }),
    ],
  ],
  [
    'an event of a part of it',
    [place(), awaited('told', 'order.payment.failed', { order_id: ORDER, status: 'failed', total: 1 }), read()],
  ],
  [
    'an event of what became of it',
    [place(), awaited('told', 'order.refunded', { order_id: ORDER, total: 10, amount: 10 })],
  ],
  [
    'an event of another thing that names it',
    [place(), awaited('told', 'payment.created', { payment_id: 'p-1', order_id: ORDER, total: 1, status: 'new' })],
  ],
  [
    'an event of its own under a name of the same kind',
    [place({ name: 'Gift' }), event({ name: 'order.placed', type: 'order.placed' })],
  ],
  [
    'what was so, in an event',
    [
      place(),
      awaited('told', 'orders', { op: 'u', before: { id: ORDER, total: 1 }, after: { id: ORDER, total: 59.98 } }),
    ],
  ],
  [
    'old and new values in an event',
    [makePen(), awaited('told', 'product.inventory.changed', { product_id: PEN, old_inventory: 10, new_inventory: 8 })],
  ],
  [
    'a copy from when it was bought',
    [
      makePen(),
      place({ product: { id: PEN, name: 'Pen', price: 29.99 } }),
      http('reprice', `PUT /products/${PEN}`, { ...product, price: 35 }),
      read({ product: { id: PEN, name: 'Pen', price: 29.99 } }),
    ],
  ],
  [
    'another thing with the same id',
    [
      makeUser,
      http('profile', `GET /users/${USER}/profile`, { id: USER, status: 'incomplete', bio: '', avatar: '', total: 9 }),
      sql('settings', ['SELECT * FROM user_settings WHERE id = $1', [USER]], [{ id: USER, status: 'default' }]),
    ],
  ],
  [
    'small numbers that are no ids',
    [
      http('count', 'GET /things', { count: 1, things: [{ id: 1, label: 'a' }] }, { output: { n: 1 } }),
      http('again', 'GET /things/1', { id: 1, label: 'b' }),
    ],
  ],
  [
    'things that the flow did not take',
    [http('a', 'GET /rates', [{ id: OTHER, rate: 1 }]), http('b', `GET /rates/${OTHER}`, { id: OTHER, rate: 2 })],
  ],
  [
    'stock of a thing that others buy too',
    [
      http('pick', 'GET /products', { products: [product] }, { output: { product_id: PEN } }),
      sql('row', ['SELECT * FROM products WHERE id = $1', [PEN]], [{ ...product, inventory: 9 }]),
    ],
  ],
  [
    'computed columns',
    [
      makePen({ name: 'Pen 17' }),
      sql(
        'row',
        [
          "SELECT split_part(name, ' ', 1) AS name, round(price) AS price, count(*) AS inventory FROM products WHERE id = $1",
          [PEN],
        ],
        [{ name: 'Pen', price: 30, inventory: 1 }],
      ),
    ],
  ],
  [
    'columns under another name',
    [
      place(),
      sql(
        'row',
        ['SELECT user_total AS total, total::int AS total2 FROM orders WHERE id = $1', [ORDER]],
        [{ total: 7, total2: 60 }],
      ),
    ],
  ],
  [
    'a rounded column',
    [place(), sql('row', ['SELECT total::int AS total FROM orders WHERE id = $1', [ORDER]], [{ total: 60 }])],
  ],
  [
    'a join',
    [
      place(),
      sql(
        'row',
        ['SELECT o.id, u.status, p.total FROM orders o JOIN users u ON u.id = o.user_id WHERE o.id = $1', [ORDER]],
        [{ id: ORDER, status: 'active', total: 1 }],
      ),
    ],
  ],
  [
    'rows without an id, of which one may be it',
    [place(), sql('rows', ['SELECT total FROM orders WHERE id = $1 OR user_id = $2', [ORDER, USER]], [{ total: 1 }])],
  ],
  [
    'a condition on another column',
    [place(), sql('row', ['SELECT total FROM orders WHERE parent_id = $1', [ORDER]], [{ total: 1 }])],
  ],
  [
    'another table',
    [place(), sql('row', ['SELECT * FROM orders_archive WHERE id = $1', [ORDER]], [{ id: ORDER, total: 1 }])],
  ],
  ['a sum', [place(), sql('row', ['SELECT sum(total) AS total FROM orders WHERE id = $1', [ORDER]], [{ total: 1 }])]],
  ['what teardown sees', [place(), sql('row', byId, [{ id: ORDER, total: 0 }], { phase: 'teardown' })]],
  ['what undoes a step', [place(), http('undo', `GET /orders/${ORDER}`, { id: ORDER, total: 0 }, { role: 'cleanup' })]],
  [
    'a message from before what was waited for',
    [
      place({ total: 0 }),
      poll('wait_priced', [read({ total: 59.98 }, 'look')]),
      event({ total: 0 }),
      row({ total: 59.98 }),
    ],
  ],
  [
    'a text that is sent and stored in a form of its own',
    [
      place({ note: 'Bob' }),
      http('put', `PUT /orders/${ORDER}`, undefined, { status: 204, sent: { id: ORDER, note: 'Robert!' } }),
      row({ note: 'Rob' }),
    ],
  ],
  [
    'a message of unknown meaning that came with that of the beginning',
    [
      place(),
      awaited('told', 'orders', [
        { type: 'OrderPlaced', order_id: ORDER },
        { order_id: ORDER, status: 'shipped' },
      ]),
    ],
  ],
  [
    'an event of a change that nobody here asked for',
    [place(), awaited('told', 'order.updated', { order_id: ORDER, total: 70 })],
  ],
  [
    'what another look of a poll said of a field that the last does not have',
    [
      place(),
      poll('wait', [
        row({ total: 1 }, 'look'),
        sql('look', ['SELECT status FROM orders WHERE id = $1', [ORDER]], [{ status: 'pending' }]),
      ]),
    ],
  ],
  [
    'stock of a thing that others buy too, after a change of it',
    [
      http('pick', 'GET /products', { products: [product] }, { output: { product_id: PEN } }),
      http('reprice', `PUT /products/${PEN}`, { ...product, price: 35 }),
      sql('row', ['SELECT inventory FROM products WHERE id = $1', [PEN]], [{ inventory: 9 }]),
    ],
  ],
  [
    'a record inside of it, which is another thing',
    [
      place({ customer: { id: USER, name: 'Ada' } }),
      http('rename', `PATCH /users/${USER}`, { id: USER, name: 'Eve' }),
      http('read', `GET /orders/${ORDER}`, { id: ORDER, customer: { id: USER, name: 'Eve' } }),
    ],
  ],
  [
    'a list that has two items of one product, and two that have one',
    [
      place(),
      read(),
      awaited('told', 'order.placed', {
        ...placed,
        items: [
          { product_id: PEN, quantity: 1 },
          { product_id: PEN, quantity: 1 },
        ],
      }),
    ],
  ],
  [
    'an item that was made anew',
    [
      place(),
      read({
        items: [
          { id: 'i-9', product_id: PEN, quantity: 7 },
          { id: 'i-10', product_id: INK, quantity: 7 },
        ],
      }),
    ],
  ],
  [
    'one item of another product',
    [
      place({ items: [{ order_id: ORDER, product_id: PEN, quantity: 2 }] }),
      awaited('told', 'order.placed', { ...placed, items: [{ order_id: ORDER, product_id: INK, quantity: 1 }] }),
    ],
  ],
  ['an order that is gone', [place(), http('gone', `GET /orders/${ORDER}`, { id: ORDER, total: 0 }, { status: 410 })]],
  [
    'what was so, in an envelope',
    [place(), awaited('told', 'orders', { op: 'd', before: { order: { id: ORDER, total: 1 } } })],
  ],
  [
    'two rows of one condition',
    [place(), sql('rows', ['SELECT total FROM orders WHERE id = $1', [ORDER]], [{ total: 1 }, { total: 1 }])],
  ],
  [
    'an event of a part of it that began',
    [place(), awaited('told', 'order.payment.created', { order_id: ORDER, total: 1 })],
  ],
  [
    'a copy of another thing in an event',
    [
      makePen(),
      place(),
      awaited('told', 'order.placed', { ...placed, product: { id: PEN, price: 1, name: 'Pen, blue' } }),
    ],
  ],
  [
    'another thing with the same id and keys that all have',
    [
      http(
        'sign_up',
        'POST /users',
        { id: USER, status: 'active', total: 1, created_at: '2026-01-31T10:00:00Z', name: 'Ada', email: 'a@b.c' },
        { output: { user_id: USER } },
      ),
      http('profile', `GET /users/${USER}/profile`, {
        id: USER,
        status: 'incomplete',
        total: 9,
        created_at: '2026-02-31T10:00:00Z',
        bio: '',
        name: 'x',
      }),
    ],
  ],
  [
    'an answer that speaks of itself',
    [
      http(
        'place',
        'POST /orders',
        { status: 'success', code: 201, id: ORDER, total: 59.98 },
        { output: { order_id: ORDER } },
      ),
      row({ code: 7 }),
    ],
  ],
  [
    'an answer in another currency',
    [place(), http('read', `GET /orders/${ORDER}?currency=USD`, { ...order, total: 65 })],
  ],
  [
    'an answer in another language, by its header',
    [
      place({ note: 'Thanks' }),
      http('read', `GET /orders/${ORDER}`, { id: ORDER, note: 'Danke' }, { headers: { 'Accept-Language': 'de' } }),
    ],
  ],
  ['when it was made by two clocks', [place(), row({ created_at: '2026-01-31T10:00:03.456Z' })]],
  ['a country by its code', [place({ country: 'DE' }), row({ country: 'Germany' })]],
  [
    'a cart whose items are added without naming it',
    [
      http('open', 'POST /carts', { id: ORDER, total: 0 }, { output: { cart_id: ORDER } }),
      http('add', 'POST /cart/items', { id: 'item-0001', quantity: 2 }),
      http('read', `GET /carts/${ORDER}`, { id: ORDER, total: 59.98 }),
    ],
  ],
  [
    'a name that is changed without naming the user',
    [
      makeUser,
      http('rename', 'PATCH /me', { name: 'Eve' }),
      http('read', `GET /users/${USER}`, { id: USER, name: 'Eve' }),
    ],
  ],
  [
    'a status that is waited for somewhere',
    [place(), row({ status: 'confirmed' }), poll('wait', [read({ status: 'confirmed' }, 'look')])],
  ],
  [
    'a status behind a control that waits',
    [
      lingering('unchanged', http('look', 'GET /health', {})),
      place(),
      lingering('quiet', http('look', 'GET /health', {})),
      row({ status: 'confirmed' }),
    ],
  ],
  [
    'a total that a request to its user lowers',
    [
      makeUser,
      place(),
      http('coupon', 'POST /coupons', { ok: true }, { status: 200, sent: { user_id: USER } }),
      read({ total: 50 }),
    ],
  ],
  [
    'a request beside another one',
    [
      place(),
      beside(
        http('change', `PATCH /orders/${ORDER}`, { ...order, total: 70 }),
        http('read', `GET /orders/${ORDER}`, order),
      ),
    ],
  ],
  [
    'an answer in another language',
    [
      makePen(),
      readPen({ name: 'Stift' }, 'german'),
      readPen({ name: 'Pen' }, 'english'),
      sql('row', ['SELECT name FROM products WHERE id = $1', [PEN]], [{ name: 'Stylo' }]),
    ],
  ],
  ['a body that is no JSON', [place(), http('read', `GET /orders/${ORDER}`, '<order id="7"/>')]],
  ['texts of JSON', [place({ meta: '{"a": 1, "b": 2}' }), row({ meta: '{"b":2,"a":1}' })]],
  ['a map and its text', [place({ meta: { a: 1 } }), row({ meta: '{"a": 2}' })]],
  ['an amount with its currency', [place({ total: { value: 5998, currency: 'EUR' } }), row({ total: 59.98 })]],
];

describe('agree: auto', () => {
  it.each(contradictions)('finds %s', (_name, steps, expected) => {
    const variables = { ORDER_ID: 'b7f0c1d2-0000-4000-8000-00000000000a' };
    expect(follow(steps, { variables })).toEqual(expected);
  });

  it.each(agreeing)('says nothing of %s', (name, steps) => {
    const awaitedWords = new Set(['status', 'total']);
    const steps_ = {
      wait: { isLocal: false, awaited: new Set(['status']) },
      wait_priced: { isLocal: false, awaited: awaitedWords },
    };
    expect(follow(steps, { steps: steps_ }), name).toEqual([]);
  });
});
