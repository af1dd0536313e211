import { describe, expect, it } from 'vitest';
import { findingsOf, planText } from '../../support/plan-text.ts';

const flow = (query: string, more = ''): string => `name: n
env: { TABLE: orders, DB: "postgres://localhost/shop" }
steps:
  - { id: make, action: set, config: { made: "7" } }
  - { id: look, action: database_query, config: { connection: "{{DB}}", query: ${query}${more} }, assert: ["rows == [{n: made}]"] }
  - { id: later, action: set, config: { late: "8" } }
  - { id: tell, action: log, config: { message: "{{late}}" } }
`;
const plan = (sql: string, query = '{ file: sql/q.sql, template: true }', more = '') =>
  planText(flow(query, more), { files: { 'sql/q.sql': sql } });

describe('a query file with `template: true`', () => {
  it('is read with its placeholders, whatever functions they call', () => {
    const { flows } = plan('\ufeffSELECT {{made + 1}} AS n -- {{upper(sha256(TABLE))[0:2]}}\nFROM ${TABLE} \\{{x}}\n');
    const config = flows[0]?.steps[1]?.config.render(
      new Map(Object.entries({ made: 7, TABLE: 'orders', DB: 'postgres://localhost/shop' })),
      { now: () => 0 },
    );
    expect(config).toMatchObject({ query: 'SELECT 8 AS n -- 1C\nFROM orders {{x}}\n' });
  });

  it('counts as a use of what it reads', () => {
    const text = flow('{ file: sql/q.sql, template: true }').replace('rows == [{n: made}]', 'rows == [{n: 7}]');
    const findings = (sql: string) => findingsOf(planText(text, { files: { 'sql/q.sql': sql } }));
    expect(findings('SELECT {{make.made}} AS n FROM {{TABLE}}')).toEqual([]);
    const { flows } = planText(text, { files: { 'sql/q.sql': 'SELECT {{made}} AS n' } });
    expect(flows[0]?.steps[1]?.needs.map(({ name }) => name)).toContain('made');
  });

  it.each<[string, string, string[]]>([
    ['an unknown name', 'SELECT 1 AS n\nFROM {{TABEL}}', ['TM104 sql/q.sql:2:8 unknown name `TABEL`']],
    ['behind a BOM', '\ufeffSELECT {{mad}}', ['TM104 sql/q.sql:1:11 unknown name `mad`']],
    [
      'what is captured later',
      'SELECT 1\n  WHERE {{late}} = 8',
      ['TM106 sql/q.sql:2:11 `late` is used before it is captured: step `later` (line 6) captures it'],
    ],
    ['an unknown function', 'SELECT {{uuidd()}}', ['TM111 sql/q.sql:1:10 unknown function `uuidd`']],
    ['an open placeholder', 'SELECT {{made', ['TM111 sql/q.sql:1:8 the placeholder is not closed: expected `}}`']],
    ['SQL that lacks a parameter', 'SELECT $2', ['TM322 sql/q.sql:1:1 ']],
  ])('is checked before the run, at its place: %s', (_title, sql, expected) => {
    const found = findingsOf(plan(sql));
    expect(found).toHaveLength(expected.length);
    for (const [index, start] of expected.entries()) expect(found[index]).toContain(start);
  });

  it.each([
    ['{ file: sql/none.sql, template: true }', 'TM115 5:88 the file `sql/none.sql` does not exist'],
    [
      '{ file: "{{TABLE}}.sql", template: true }',
      'TM103 5:88 the file of a template is read before the run: its name takes no placeholder',
    ],
    [
      '{ file: sql/q.sql, template: "{{made}}" }',
      'TM103 5:109 `query.template`: expected `true` or `false`, got string "{{made}}"',
    ],
  ])('has a name and is a template before the run: %s', (query, expected) => {
    expect(findingsOf(plan('SELECT 7 AS n', query))).toEqual([expected]);
  });

  it.each(['{ file: sql/q.sql }', '{ file: sql/q.sql, template: false }'])(
    'is taken as it is otherwise: %s',
    (query) => {
      expect(findingsOf(plan('SELECT {{nobody}}', query))).toEqual([]);
    },
  );

  it('is found in a flow of another folder, and inside a poll', () => {
    const called = `name: c
steps:
  - action: poll
    config:
      until: row_count == 1
      step: { action: database_query, config: { connection: "postgres://localhost/shop", query: { file: q.sql, template: true } } }
`;
    const files = { 'lib/c.yaml': called, 'lib/q.sql': 'SELECT 1 -- {{nobody}}' };
    const text = 'name: n\nsteps: [ { action: run_flow, config: { flow: lib/c.yaml } } ]\n';
    expect(findingsOf(planText(text, { files }))).toEqual([
      'TM120 2:46 `lib/c.yaml` needs `nobody` (lib/q.sql, line 1), but nothing gives it',
    ]);
  });
});
