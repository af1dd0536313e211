import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkDatabaseSettings } from '../../../src/actions/database/check.ts';
import { readMysqlComplaint } from '../../../src/actions/database/mysql-complaint.ts';
import { bindQuery, type Params } from '../../../src/actions/database/sql/bind.ts';
import { scanSql } from '../../../src/actions/database/sql/sql-scan.ts';
import { splitStatements } from '../../../src/actions/database/sql/sql-split.ts';
import { chooseMysqlParameter, writeMysqlLiteral } from '../../../src/actions/database/values/mysql-parameter.ts';
import { ExactNumber, type Value } from '../../../src/expr/index.ts';

/** The parameters and semicolons of a text, which is all that binding and splitting look at. */
function meaningful(text: string): string[] {
  return scanSql(text, 'mysql')
    .filter((token) => ['named', 'numbered', 'question', 'semicolon'].includes(token.kind))
    .map((token) => text.slice(token.start, token.end));
}

describe('scanSql of MySQL', () => {
  it.each([
    ['select ?, :a, $1;', ['?', ':a', '$1', ';']],
    ["select ':a', 'it''s :b', 'c\\':c', :d", [':d']],
    ['select ":a", "b"":b", "c\\":c", :d', [':d']],
    ["select `:a``:b`, `it's`, :c", [':c']],
    ['-- :a ;\n:b', [':b']],
    ['--:a', [':a']],
    ['5--1 ?', ['?']],
    ["# it's :a\n:b", [':b']],
    ['/* :a /* ; */ :b', [':b']],
    ['/*! :a ; */ :b', [':b']],
    ["x'ff?', b'1', N'?', _utf8'?', ?", ['?']],
    ['@v := :a, @@x, lbl: loop', [':a']],
    ['a ?| b ?& c', ['?', '?']],
    ["$$ 'x' :a $$", [':a']],
    ["'open :a ;", []],
    ['`open :a ;', []],
  ])('%s', (text, expected) => {
    expect(meaningful(text)).toEqual(expected);
  });

  const piece = fc.oneof(
    fc.constantFrom(
      "'",
      '"',
      '`',
      '--',
      '-- ',
      '#',
      '/*',
      '/*!',
      '*/',
      '\n',
      ';',
      ':a',
      '?',
      '$1',
      '\\',
      '(',
      ')',
      'é',
    ),
    fc.string({ maxLength: 3 }),
  );

  it('covers every text without gaps', () => {
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
        const text = pieces.join('');
        const tokens = scanSql(text, 'mysql');
        expect(tokens.map((token) => text.slice(token.start, token.end)).join('')).toBe(text);
        for (const token of tokens) expect(token.end).toBeGreaterThan(token.start);
      }),
    );
  });

  it('never looks into what is quoted or a comment', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (given) => {
        const text = `:x ? ; ${given}`;
        const forms = [
          writeMysqlLiteral({ kind: 'text', text }),
          `"${text.replaceAll('\\', '\\\\').replaceAll('"', '""')}"`,
          `\`${text.replaceAll('`', '``')}\``,
          `/*${text.replaceAll('*', '')}*/`,
          `# ${text.replaceAll('\n', '')}\n`,
        ];
        for (const form of forms) expect(meaningful(`select ${form}, :y`)).toEqual([':y']);
      }),
    );
  });
});

describe('splitStatements of MySQL', () => {
  it.each([
    ['a; b', 2],
    ['create procedure p() begin if x then y; end if; while a do b; end while; z; end; c', 2],
    ['create definer=`r`@`h` trigger t before insert on o for each row begin set @a = 1; end; c', 2],
    ['create definer = current_user event e on schedule every 1 day do begin a; b; end; c', 2],
    ['create function f() returns int begin case x when 1 then a; else b; end case; return 1; end; c', 2],
    ['create or replace procedure p() begin l: loop leave l; end loop; repeat a; until b end repeat; end; c', 2],
    ['begin; insert; end; c', 4],
  ])('%s', (text, count) => {
    expect(splitStatements(text, 'mysql')).toHaveLength(count);
  });
});

describe('bindQuery for MySQL', () => {
  const bound = (query: string, params: Params | undefined) =>
    bindQuery(query, params, { dialect: 'mysql' }).statements.map(({ text, values }) => [text, values]);

  it.each<[string, Params | undefined, unknown]>([
    ['select 1', undefined, [['select 1', []]]],
    ['a = ? and b = ?', [1, 2], [['a = ? and b = ?', [1, 2]]]],
    ['select $2, $1, $2', ['a', 'b'], [['select ?, ?, ?', ['b', 'a', 'b']]]],
    ['a = :x or b = :y or c = :x', { x: 1, y: 2 }, [['a = ? or b = ? or c = ?', [1, 2, 1]]]],
    ['a in (:x) and b = :x', { x: [1, 2] }, [['a in (?, ?) and b = ?', [1, 2, [1, 2]]]]],
    ['a not in ( ? )', [[]], [['a not in ( SELECT NULL FROM DUAL WHERE FALSE )', []]]],
    ['a in (?, ?)', [[1], 2], [['a in (?, ?)', [[1], 2]]]],
    ['f(?)', [[1]], [['f(?)', [[1]]]]],
  ])('%s with %j', (query, params, expected) => {
    expect(bound(query, params)).toEqual(expected);
  });

  it.each<[string, Params | undefined, string]>([
    ['a = ?', undefined, '`query` uses `?`, but there are no `params`'],
    ['a = ?', [], '`params` has 0 values, but `query` has 1 `?`'],
    ['a = :nmae', { name: 1 }, '`query` uses `:nmae`, which `params` does not have'],
    ['delimiter //\ncreate', undefined, '`DELIMITER` is a command of the mysql client, not SQL'],
  ])('%s with %j is a mistake', (query, params, message) => {
    expect(() => bound(query, params)).toThrow(expect.objectContaining({ name: 'BindMistake', message }));
  });

  it('finds places in the query again, behind lists too', () => {
    const query = 'select 1;\n select :l in (:list), wrong';
    const [, second] = bindQuery(query, { l: 1, list: [1, 2, 3] }, { dialect: 'mysql' }).statements;
    expect(query.slice(second?.locate(second.text.indexOf('wrong')))).toBe('wrong');
  });
});

describe('checkDatabaseSettings', () => {
  const check = (connection: string, query: string, params?: unknown) =>
    checkDatabaseSettings({ connection, query, params }).map(({ message }) => message);

  it.each([
    ['mysql://u@h/d', "select 'it\\'s', ? # it's", [1], []],
    [
      'postgres://u@h/d',
      "select 'it\\'s', ? # it's",
      [1],
      ['`params` has 1 value, but `query` uses no `$1` and no `?`'],
    ],
    ['{{DB_URL}}', "select 'it\\'s', ? # it's", [1], []],
    ['{{DB_URL}}', "select $$it's$$, $1", [1], []],
    ['{{DB_URL}}', 'select :a', { b: 1 }, ['`query` uses `:a`, which `params` does not have']],
    ['mysql://u@h/d', 'select ?', undefined, ['`query` uses `?`, but there are no `params`']],
    ['{{DB_URL}}', "select data ? 'k'", undefined, []],
  ])('%s: %s', (connection, query, params, messages) => {
    expect(check(connection, query, params)).toEqual(messages);
  });
});

describe('chooseMysqlParameter', () => {
  it.each<[Value, unknown]>([
    [null, null],
    [true, { kind: 'bool', value: true }],
    [7, { kind: 'int', text: '7' }],
    [-0.5, { kind: 'decimal', text: '-0.5' }],
    [1e21, { kind: 'double', value: 1e21 }],
    [1e-7, { kind: 'double', value: 1e-7 }],
    [Number.NaN, undefined],
    [new ExactNumber('9223372036854775807'), { kind: 'int', text: '9223372036854775807' }],
    [new ExactNumber('9223372036854775808'), { kind: 'uint', text: '9223372036854775808' }],
    [new ExactNumber('18446744073709551616'), { kind: 'decimal', text: '18446744073709551616' }],
    [new ExactNumber('1.00000000000000000001'), { kind: 'decimal', text: '1.00000000000000000001' }],
    [new ExactNumber(`0.${'1'.repeat(31)}`), { kind: 'text', text: `0.${'1'.repeat(31)}` }],
    ['x', { kind: 'text', text: 'x' }],
    [[1, 'ü'], { kind: 'text', text: '[1,"ü"]' }],
    [{ a: null }, { kind: 'text', text: '{"a":null}' }],
  ])('case %#', (value, expected) => {
    expect(chooseMysqlParameter(value)).toEqual(expected);
  });
});

describe('readMysqlComplaint', () => {
  const [statement] = bindQuery('SELECT a\nFORM b', undefined, { dialect: 'mysql' }).statements;
  if (!statement) throw new Error('no statement');
  const read = (errno: number, message: string) =>
    readMysqlComplaint({ errno, message, sqlState: '42000', code: 'ER_X' }, statement, '');

  it.each([
    [
      1064,
      "You have an error in your SQL syntax; check the manual that corresponds to your MySQL server version for the right syntax to use near 'b' at line 2",
      14,
    ],
    [1064, "… near '' at line 2", 15],
    [1064, "… near 'FORM...' at line 2", 9],
    [1064, "… near 'elsewhere' at line 2", undefined],
    [1146, "Table 'd.x' doesn't exist", undefined],
  ])('%i %s is at %s', (errno, message, offset) => {
    expect(read(errno, message).offset).toBe(offset);
  });

  it.each([
    [1062, "Duplicate entry 'a' for key 'orders.name_once'", { constraint: 'orders.name_once' }],
    [1048, "Column 'name' cannot be null", { column: 'name' }],
    [1292, "Incorrect datetime value: 'x' for column `d`.`t`.`at` at row 1", { column: 'at' }],
    [4025, 'CONSTRAINT `positive` failed for `d`.`t`', { constraint: 'positive' }],
    [
      1452,
      'Cannot add or update a child row: a foreign key constraint fails (`d`.`lines`, CONSTRAINT `of_order` FOREIGN KEY (`o`) REFERENCES `orders` (`id`))',
      { table: 'lines', constraint: 'of_order' },
    ],
  ])('%i tells %s', (errno, message, data) => {
    expect(read(errno, message).data).toEqual({ errno, error_name: 'ER_X', ...data });
  });
});
