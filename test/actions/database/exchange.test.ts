import { describe, expect, it } from 'vitest';
import type { Database } from '../../../src/actions/database/database.ts';
import { describeQuery } from '../../../src/actions/database/exchange.ts';
import { bindQuery, type Params } from '../../../src/actions/database/sql/bind.ts';
import type { SqlDialect } from '../../../src/actions/database/sql/sql-token.ts';
import { maskEvent } from '../../../src/engine/events/mask-event.ts';
import { createSecrets } from '../../../src/engine/events/secrets.ts';
import type { Value } from '../../../src/expr/index.ts';
import type { RunEvent } from '../../../src/model/events.ts';

const about = { name: 'db', host: 'h', port: 1, database: 'd', user: 'u', hasPassword: false, tls: 'disable' };

/** What a report gets of a query, with its rows. */
function report(
  query: string,
  { params, rows = [], dialect = 'postgres' }: { params: Params; rows?: Record<string, Value>[]; dialect?: SqlDialect },
) {
  const bound = bindQuery(query, params, { dialect });
  const database: Pick<Database, 'about' | 'dialect' | 'writeLiterals'> = {
    about: { ...about, dialect },
    dialect,
    writeLiterals: ({ values }) => values.map((value) => (typeof value === 'string' ? `'${value}'` : String(value))),
  };
  const answer = {
    columns: [],
    rows,
    changed: 0,
    uncounted: undefined,
    isCut: false,
    isTransactionOpen: false,
    done: '',
    isChange: false,
    passedOver: undefined,
  };
  const exchange = describeQuery(
    database as Database,
    { query, bound, texts: new Map() },
    { answer, summary: '1 row' },
  );
  const masked = maskEvent(
    { type: 'step_finished', at: 0, evidence: { exchange } } as unknown as RunEvent,
    createSecrets(),
  );
  if (masked.type !== 'step_finished' || masked.evidence?.exchange?.protocol !== 'sql') throw new Error('no query');
  const { statements, response } = masked.evidence.exchange;
  return { parameters: statements.flatMap(({ parameters }) => parameters), rows: response?.rows };
}

const HIDDEN = { value: '***', literal: "'***'" };

describe('a parameter', () => {
  it.each<[string, Value]>([
    ['password', 'Ppw-5512-zz'],
    ['password', 'short'],
    ['user_password', 'Ppw-5512-zz'],
    ['newPassword', 123456],
    ['password_hash', '$2b$10$abc'],
  ])('that is called %s is hidden, %j', (name, value) => {
    const shown = report(`update t set a = :${name}, b = :b`, { params: { [name]: value, b: 'plain' } });
    expect(shown.parameters).toMatchObject([
      { name, ...HIDDEN },
      { name: 'b', value: 'plain', literal: "'plain'" },
    ]);
  });

  it('is hidden in the rows that show it under another name', () => {
    const rows = [{ pw: 'Ppw-5512-zz', b: 'plain' }];
    expect(
      report('select :password as pw, :b as b', { params: { password: 'Ppw-5512-zz', b: 'plain' }, rows }).rows,
    ).toEqual([{ pw: '***', b: 'plain' }]);
  });

  it('is hidden item by item on MySQL', () => {
    const params = { password: ['Ppw-5512-zz', 'Qpw-5512-zz'] };
    const shown = report('select 1 from t where p in (:password)', { params, dialect: 'mysql' });
    expect(shown.parameters).toMatchObject([HIDDEN, HIDDEN]);
  });

  it('has no name in a list, and is shown', () => {
    expect(report('select $1', { params: ['plain'] }).parameters).toMatchObject([
      { value: 'plain', literal: "'plain'" },
    ]);
  });
});
