import { describe, expect, it } from 'vitest';
import type { Database, Row } from '../../../src/actions/database/database.ts';
import { addNearTables } from '../../../src/actions/database/near-tables.ts';
import { ActionError } from '../../../src/model/action/outcome.ts';
import { Stop } from '../../../src/stop/stop.ts';
import { createFakeIo } from '../../support/fake-io.ts';

const TABLES = ['user_service.users', 'shop.orders', 'shop.Parcels', 'old.orders', 'public.notifications'];

type Look = Database['look'];
const answer: Look = (_, work) =>
  work(() =>
    Promise.resolve(
      TABLES.map((name): Row => {
        const [schema = '', table = ''] = name.split('.');
        return { schema, table };
      }),
    ),
  );

async function listHints(message: string, { dialect = 'postgres', code = '42P01', look = answer } = {}) {
  const error = new ActionError({ kind: 'sql', code, message, hints: ['more'] }, { data: { sqlstate: code } });
  const database = { dialect: dialect as Database['dialect'], look: look as Look };
  const told = await addNearTables(error, database, { stop: new Stop(), clock: createFakeIo().clock });
  expect(told.problem.message).toBe(message);
  expect(told.data).toEqual(error.data);
  return told.problem.hints;
}

describe('tables near one that is not there', () => {
  it.each([
    ['relation "users" does not exist (line 1, column 15 of the query)', 'there is `user_service.users`'],
    ['relation "user" does not exist', 'there is `user_service.users`'],
    ['relation "user_service.user" does not exist', 'there is `user_service.users`'],
    ['relation "public.users" does not exist', 'there is `user_service.users`'],
    ['relation "orders" does not exist', 'there is `shop.orders` and `old.orders`'],
    ['relation "old.order" does not exist', 'there is `old.orders`'],
    ['relation "parcels" does not exist', 'there is `shop."Parcels"`'],
  ])('%s', async (message, hint) => {
    expect(await listHints(message)).toEqual([hint, 'more']);
  });

  it('are those of MySQL, too', async () => {
    const hints = await listHints("table 'shop.order' doesn't exist", { dialect: 'mysql', code: '42S02' });
    expect(hints).toEqual(['there is `shop.orders`', 'more']);
  });

  it.each([
    ['relation "zebra" does not exist', {}],
    ['missing FROM-clause entry for table "orders"', {}],
    ['column "orders" does not exist', { code: '42703' }],
    ['relation "orders" does not exist', { look: () => Promise.reject(new Error('no')) }],
  ])('%s %# is left as it is', async (message, more) => {
    expect(await listHints(message, more as object)).toEqual(['more']);
  });
});
