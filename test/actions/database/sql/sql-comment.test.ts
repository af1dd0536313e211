import { describe, expect, it } from 'vitest';
import { bindQuery } from '../../../../src/actions/database/sql/bind.ts';
import { addComment, chooseComment, removeComment } from '../../../../src/actions/database/sql/sql-comment.ts';

const COMMENT = " /*traceparent='00-t-s-01'*/";
const database = { host: 'db', port: 5432, socket: undefined } as never;
const trace = { traceparent: '00-t-s-01', baggage: '', reaches: (host: string) => host === 'db' };

/** What the statements of a query are sent as, `…` standing for the comment. */
function send(query: string, dialect: 'postgres' | 'mysql' = 'postgres'): string[] {
  const bound = bindQuery(query, undefined, { dialect });
  const comment = chooseComment(database, { query, bound }, trace);
  return bound.statements.map((statement) => addComment(statement, comment).replace(COMMENT, '…'));
}

describe('the comment that names the trace', () => {
  it.each([
    ['select 1', ['select 1…']],
    ['SELECT 1; -- and\nDELETE FROM t;', ['SELECT 1…', 'DELETE FROM t…']],
    ["WITH x AS (SELECT 'a') TABLE x", ["WITH x AS (SELECT 'a') TABLE x…"]],
    ["INSERT INTO t VALUES ('it''s')", ["INSERT INTO t VALUES ('it''s')…"]],
    ["UPDATE t SET a = 'b'", ["UPDATE t SET a = 'b'…"]],
    ["UPDATE t SET a = 'b''", ["UPDATE t SET a = 'b''"]],
    ['SELECT "a', ['SELECT "a']],
    ['SELECT $$a', ['SELECT $$a']],
    ['SELECT $$a$$', ['SELECT $$a$$…']],
    ['BEGIN; INSERT INTO t DEFAULT VALUES; COMMIT', ['BEGIN', 'INSERT INTO t DEFAULT VALUES…', 'COMMIT']],
    ['CREATE VIEW v AS SELECT 1', ['CREATE VIEW v AS SELECT 1']],
    ['SET x = 1', ['SET x = 1']],
    ["SELECT 1 /* traceparent='mine' */ + 1", ["SELECT 1 /* traceparent='mine' */ + 1"]],
  ])('%s', (query, expected) => {
    expect(send(query)).toEqual(expected);
  });

  it('stands behind what MySQL takes for closed', () => {
    expect(send("SELECT 'a\\''", 'mysql')).toEqual(["SELECT 'a\\''…"]);
    expect(send("SELECT 'a\\'", 'mysql')).toEqual(["SELECT 'a\\'"]);
    expect(send('SELECT `a', 'mysql')).toEqual(['SELECT `a']);
    expect(send('REPLACE INTO t VALUES (1)', 'mysql')).toEqual(['REPLACE INTO t VALUES (1)…']);
  });

  it('is not there where the database may not hear of it, and opens no span where no statement takes it', () => {
    const watched = {
      ...trace,
      get traceparent(): string {
        throw new Error('a span was opened');
      },
    };
    const bound = bindQuery('CREATE TABLE t ()', undefined);
    expect(chooseComment(database, { query: 'CREATE TABLE t ()', bound }, watched)).toBe('');
    const select = { query: 'SELECT 1', bound: bindQuery('SELECT 1', undefined) };
    expect(chooseComment({ ...(database as object), host: 'other' } as never, select, watched)).toBe('');
    expect(chooseComment({ host: '/run', socket: '/run/x', port: 1 } as never, select, watched)).toBe('');
  });

  const near = (text: string): string => `You have an error near '${text}' at line 1`;
  it.each([
    [`syntax error at or near "'a${COMMENT}"`, `syntax error at or near "'a"`],
    [near(`FORM b${COMMENT}`), near('FORM b')],
    [near(`FORM b${COMMENT.slice(0, 20)}`), near('FORM b')],
    [near('FORM b /*'), near('FORM b')],
    [near(`FORM b${COMMENT.slice(0, 20)}...`), near('FORM b')],
    [near('FORM b...'), near('FORM b...')],
    [near('FORM b /'), near('FORM b')],
    [near(COMMENT.trimStart()), near('')],
    [near(COMMENT.trimStart().slice(0, 10)), near('')],
    [near(`1 /${COMMENT}`), near('1 /')],
    [near('FORM b'), near('FORM b')],
    ['no such table', 'no such table'],
  ])('is not in what is said of an error: %s', (message, expected) => {
    expect(removeComment(message, COMMENT)).toBe(expected);
    expect(removeComment(message, '')).toBe(message);
  });
});
