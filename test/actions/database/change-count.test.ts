import { expect, it } from 'vitest';
import { ChangeCount } from '../../../src/actions/database/change-count.ts';
import { splitStatements } from '../../../src/actions/database/sql/sql-split.ts';
import type { SqlDialect } from '../../../src/actions/database/sql/sql-token.ts';

/** Each UPDATE changes as many rows as it says, WITH nobody knows how many; `+` behind a statement: a transaction is open after it. */
function count(script: string, dialect: SqlDialect): number | undefined {
  const changes = new ChangeCount(dialect);
  for (const part of script.split(';')) {
    const [statement] = splitStatements(part.replace('+', ''), dialect);
    if (!statement) throw new Error(part);
    const text = part.replace('+', '').slice(statement.start, statement.end);
    const changed = text === 'with' ? undefined : Number(/^update (\d+)/.exec(text)?.[1] ?? 0);
    changes.add({ text, verb: statement.verb }, changed, part.includes('+'));
  }
  return changes.value;
}

it.each<[string, number | undefined, SqlDialect?]>([
  ['update 2', 2],
  ['update 2; update 3', 5],
  ['update 2; with; update 3', undefined],
  ['begin +; with +; rollback; update 3', 3],
  ['begin +; savepoint a +; with +; release a +; update 1 +; commit', undefined],
  ['begin +; update 1 +; savepoint a +; with +; rollback to a +; commit', 1],
  ['begin +; update 2 +; commit', 2],
  ['begin +; update 2 +; rollback', 0],
  ['begin +; update 2 +; abort', 0],
  ['update 1; begin +; update 2 +; rollback; update 4', 5],
  ['begin +; update 2 +', 0],
  ['begin +; update 1 +; savepoint a +; update 2 +; rollback to a +; commit', 1],
  ['begin +; update 1 +; savepoint a +; update 2 +; rollback work to savepoint A +; update 4 +; commit', 5],
  ['begin +; savepoint a +; update 2 +; rollback /* not */ to "a" +; commit', 0],
  ['begin +; savepoint "A" +; update 1 +; savepoint a +; update 2 +; rollback to "A" +; commit', 0],
  ['begin +; savepoint a +; update 1 +; savepoint b +; update 2 +; release a +; commit', 3],
  ['begin +; savepoint a +; update 1 +; release savepoint a +; rollback', 0],
  ['begin +; savepoint a +; update 1 +; savepoint a +; update 2 +; rollback to a +; commit', 1],
  ['begin +; update 1 +; rollback and chain +; update 2 +; commit', 2],
  ['begin +; update 1 +; commit and chain +; update 2 +; rollback', 1],
  ["begin +; update 1 +; prepare transaction 'to'; rollback prepared 'to'", 1],
  ['begin +; update 1 +; begin +; rollback', 0],
  ['begin +; update 1 +; begin +; rollback', 1, 'mysql'],
  ['begin +; update 1 +; create table t (a int)', 1, 'mysql'],
  ['start transaction +; savepoint `A` +; update 1 +; rollback to savepoint a +; commit', 0, 'mysql'],
  ["xa start 'x' +; update 1 +; xa end 'x' +; xa rollback 'x'", 0, 'mysql'],
  ["xa start 'x' +; update 1 +; xa end 'x' +; xa commit 'x' one phase", 1, 'mysql'],
])('%s changes %s rows', (script, expected, dialect = 'postgres') => {
  expect(count(script, dialect)).toBe(expected);
});
