import { describe, expect, it } from 'vitest';
import { findingsOf, planText } from '../../support/plan-text.ts';

const DB = 'connection: "postgres://localhost/shop"';
const select = (columns: string): string => `SELECT ${columns} FROM orders WHERE id = $1`;
const query = (columns: string, rest: string): string =>
  `{ id: look, action: database_query, config: { ${DB}, query: '${select(columns)}', params: [1] }${rest} }`;

function find(steps: readonly string[], head = ''): readonly string[] {
  const text = `name: n\n${head}\nsteps:\n${steps.map((step) => `  - ${step}\n`).join('')}`;
  return findingsOf(planText(text)).filter((line) => line.startsWith('TM213'));
}

/** The columns that hear of one query with these assertions. */
const unseen = (columns: string, assertions: readonly string[], rest = ''): string | undefined => {
  const [finding] = find([
    query(columns, `, assert: [${assertions.map((one) => JSON.stringify(one)).join(', ')}]${rest}`),
  ]);
  return finding && / (`.*`) (?:is|are) read/.exec(finding)?.[1];
};

describe('columns that are never checked', () => {
  it.each<[string, readonly string[], string]>([
    ['total, status', ['row_count == 1'], '`total` and `status`'],
    ['total, status', ['len(rows) == 1', 'first_row != nil', 'rows != []'], '`total` and `status`'],
    ['total, status', ['rows[0].total == 5'], '`status`'],
    ['total, status', ['first_row.status == "new" and first_row?.status != nil'], '`total`'],
    ['total, status', ['all(rows, .total > 5)'], '`status`'],
    ['total, status', ['len(filter(rows, .status == "new")) == 1'], '`total`'],
    ['total, status', ['rows | map(.total) | sum() == 5'], '`status`'],
    ['total, status', ['first(rows).total == 5', 'rows[1:][0]["status"] == 1'], ''],
    ['id, total', ['row_count == 1'], '`total`'],
    ['total AS Sum', ['row_count == 1'], '`Sum`'],
    ['TOTAL, "Status"', ['first_row.total == 5', 'first_row.Status == 1'], ''],
    ['status', ['"status" in columns'], '`status`'],
    ['total, status', ['any([1, 2], # == row_count)'], '`total` and `status`'],
    ['total', ['row_count >= 1 or row_count == 0'], '`total`'],
  ])('of `%s` with %j: %s', (columns, assertions, expected) => {
    expect(unseen(columns, assertions) ?? '').toBe(expected);
  });

  it.each<[string, readonly string[]]>([
    ['total, status', ["rows == [{total: 5, status: 'new'}]"]],
    ['total, status', ['matches_partial(first_row, {total: 5})']],
    ['total, status', ['same_items(rows, [])']],
    ['total, status', ['rows[0] == look_like']],
    ['total, status', ['all(rows, # == {total: 5})']],
    ['total, status', ['rows[0][KEY] == 5']],
    ['total, status', ['toJSON(filter(rows, .total > 1)) contains "new"']],
    ['total, status', ['let r = first_row; r.total == 5']],
    ['total, status', ['"{{rows}}" contains "new"']],
    ['total, status', ['row_count == 0']],
    ['total, status', ['rows == []', 'len(rows) < 1', 'first_row == nil']],
    ['*', ['row_count == 1']],
    ['count(*)', ['row_count == 1']],
    ['1', ['row_count == 1']],
    ['EXISTS (SELECT a FROM b)', ['row_count == 1']],
    ['id', ['row_count == 1']],
    ['user_id', ['row_count == 3']],
  ])('are none of `%s` with %j', (columns, assertions) => {
    expect(unseen(columns, assertions)).toBeUndefined();
  });

  it.each([
    ['a path to a column', '{ a: "$.rows[0].total" }', '`status`'],
    ['a path to all of a column', '{ a: "$.rows[*].status" }', '`total`'],
    ['an expression', '{ a: "first_row.total" }', '`status`'],
    ['a row by a path', '{ a: "$.rows[0]" }', undefined],
    ['all rows by a path', '{ a: "$.rows" }', undefined],
    ['what may be anywhere', '{ a: "$..total" }', undefined],
    ['a row by an expression', '{ a: first_row }', undefined],
    ['a function of flows', '{ a: sha256(rows[0].total) }', undefined],
  ])('are not those that a capture takes: %s', (_title, output, expected) => {
    expect(unseen('total, status', ['row_count == 1'], `, output: ${output}`)).toBe(expected);
  });

  it.each([
    ['look.rows[0].total == 5', '`status`'],
    ['steps["look"].first_row.status == 5', '`total`'],
    ['look.row_count == 1', '`total` and `status`'],
    ['look.rows == []', undefined],
    ['len(look) > 1', undefined],
    ['steps == {}', undefined],
  ])('are not those that a later step reads: %s', (expression, expected) => {
    const later = `{ action: assert, config: { assertions: ['${expression}'] } }`;
    const [finding] = find([query('total, status', ', assert: [row_count == 1]'), later]);
    expect(finding && / (`.*`) (?:is|are) read/.exec(finding)?.[1]).toBe(expected);
  });

  it('may be looked at by the poll around it', () => {
    const poll = (until: string, rest = '') =>
      `{ id: wait, action: poll, config: { until: '${until}', step: ${query('total, status', '')} }${rest} }`;
    expect(find([poll('row_count == 1')])).toEqual([
      expect.stringContaining('`total` and `status` are read but never checked'),
    ]);
    expect(find([poll('first_row.status == "new"', ', assert: [first_row.total == 5]')])).toEqual([]);
    expect(
      find([poll('first_row.status == "new"'), '{ action: log, config: { message: "{{wait.rows[0].total}}" } }']),
    ).toEqual([]);
    const lowered = `{ action: db_poll, config: { ${DB}, query: 'SELECT total, status FROM orders', condition: { type: value_equals, column: status, value: new } } }`;
    expect(find([lowered])).toEqual([expect.stringContaining('`total` is read')]);
  });

  it('are found inside loops and in setup, and not in what must fail or judges nothing', () => {
    const look = query('total, status', ', assert: [row_count == 1]');
    expect(find([`{ action: for_each, config: { items: [1], steps: [ ${look} ] } }`])).toHaveLength(1);
    expect(find(['{ action: log, config: { message: m } }'], `setup: [ ${look} ]`)).toHaveLength(1);
    expect(find([query('total', ', expect_error: true, assert: ["error.code != nil"]')])).toEqual([]);
    expect(find([query('total', '')])).toEqual([]);
    expect(find([query('total', ', asserts: [first_row.total == 1]')])).toEqual([]);
  });

  it('are shown where they stand, in the file of the query too', () => {
    const line = query('id, total', ', assert: [row_count == 1]');
    const column = `  - ${line}`.indexOf('total') + 1;
    expect(find([line])).toEqual([expect.stringContaining(`TM213 4:${column} `)]);
    const text = `name: n\nsteps:\n  - { action: database_query, config: { ${DB}, query: { file: q.sql, template: true } }, assert: [row_count == 1] }\n`;
    const found = findingsOf(planText(text, { files: { 'q.sql': 'SELECT a,\n  b FROM t' } }));
    expect(found).toEqual([expect.stringMatching(/^TM213 q.sql:1:8 `a` and `b` are read/)]);
  });
});
