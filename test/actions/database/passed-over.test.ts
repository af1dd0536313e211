import { describe, expect, it } from 'vitest';
import { PassedOver } from '../../../src/actions/database/passed-over.ts';
import { bindQuery } from '../../../src/actions/database/sql/bind.ts';

/** What is said of statements that gave so many rows each. */
function describeRows(query: string, ...rows: readonly number[]): string | undefined {
  const passed = new PassedOver();
  for (const [at, statement] of bindQuery(query, undefined).statements.entries()) passed.add(statement, rows[at] ?? 0);
  return passed.describe();
}

describe('rows of statements before the last', () => {
  it.each([
    ['SELECT * FROM t; DELETE FROM u', [2, 0], 'DELETE', '2 rows of a SELECT'],
    ['SELECT * FROM t; SELECT * FROM u', [1, 0], 'SELECT', '1 row of a SELECT'],
    ['DELETE FROM t RETURNING id; SET ROLE x', [3, 0], 'SET', '3 rows of a DELETE'],
    ['SELECT * FROM t; SELECT * FROM u; COMMIT', [1, 4, 0], 'COMMIT', '4 rows of a SELECT'],
  ])('are said to be missing where the last gave none: %s', (query, rows, last, before) => {
    expect(describeRows(query, ...rows)).toBe(
      `\`rows\` is empty, as the last statement (${last}) gave none: the ${before} before it are not in it`,
    );
  });

  it.each([
    ['SELECT * FROM t', [0]],
    ['SELECT * FROM t; SELECT * FROM u', [2, 1]],
    ['SELECT * FROM t; DELETE FROM u', [0, 0]],
    ["SELECT setval('s', 1); INSERT INTO t VALUES (1)", [1, 0]],
  ])('are not where it gave some, or they are nothing that is asked for: %s', (query, rows) => {
    expect(describeRows(query, ...rows)).toBeUndefined();
  });
});
