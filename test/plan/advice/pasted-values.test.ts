import { describe, expect, it } from 'vitest';
import { planText } from '../../support/plan-text.ts';

function listWarnings(query: string, more = ''): string[] {
  const { diagnostics } = planText(
    `name: x\nenv: { NAME: Ada, SQL: "select 1" }\nsteps:\n  - action: database_query\n    config: { connection: "postgres://localhost/x", query: ${JSON.stringify(query)}${more} }\n    assert: [row_count == 1]\n`,
  );
  return diagnostics.map(({ code, message, span, help = [] }) =>
    [code, message, span?.file.text.slice(span.start, span.end), ...help].join(' | '),
  );
}

describe('values pasted into SQL', () => {
  it.each([
    ["select * from t where name = '{{NAME}}'"],
    ["select * from t where name = '${NAME}'"],
    ["select * from t where name = '<<NAME>>'"],
    ["select * from t where name = '{{NAME}}' or nick = '{{NAME}}'"],
    ["select '{{ upper(NAME) }}'"],
  ])('%s', (query) => {
    expect(listWarnings(query)).toEqual([
      'TM202 | `NAME` is pasted into the SQL text | NAME | bind it: write `:NAME` in its place, without quotes, and `params: {NAME: "{{NAME}}"}`',
    ]);
  });

  it.each([
    ['select * from t where name = :name', ', params: { name: "{{NAME}}" }'],
    ['select * from t where name = $1', ', params: ["{{NAME}}"]'],
    ['{{SQL}}', ''],
    ["select '\\{{NAME}}'", ''],
  ])('%s%s is not', (query, more) => {
    expect(listWarnings(query, more)).toEqual([]);
  });
});
