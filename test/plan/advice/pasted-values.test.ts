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
    ["select * from {{NAME}} where name = '{{NAME}}'"],
    ["select 'from {{NAME}}'"],
    ['select * from t where name = {{NAME}}'],
    ['select * from t where name is distinct from {{NAME}}'],
    ['select * from t where name like {{NAME}}'],
    ['select extract(epoch from {{NAME}})'],
    ['select * from t where f(a, {{NAME}})'],
    ['insert into t values (1, {{NAME}})'],
    ['update t set name = {{NAME}}'],
    ['select * from t join u on {{NAME}} = u.id'],
    ['select * from t limit {{NAME}}'],
    ['select 59.{{NAME}}'],
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
    ['create table {{NAME}} (id int)', ''],
    ['create table if not exists s_{{NAME}} (id int)', ''],
    ['create table t (like {{NAME}} including all)', ''],
    ["insert into {{NAME}} (name) values ('x')", ''],
    ['select * from {{NAME}}', ''],
    ['select * from "{{NAME}}" t', ''],
    ['select * from `{{NAME}}` t', ''],
    ['select * from t, {{NAME}}', ''],
    ['select * from {{NAME}}.orders o', ''],
    ['select * from "{{NAME}}"."orders"', ''],
    ['select * from shop.<<NAME>>', ''],
    ['select * from t left join ${NAME} u on true', ''],
    ['update {{NAME}} set a = 1', ''],
    ['update only {{ lower(NAME) }} set a = 1', ''],
    ['delete from /* all */ {{NAME}}', ''],
    ['truncate {{NAME}}', ''],
    ['truncate table t, {{NAME}}', ''],
    ['drop table if exists {{NAME}} cascade', ''],
    ['alter table {{NAME}} add b int', ''],
    ['create index on {{NAME}} (a)', ''],
    ['create schema {{NAME}}', ''],
    ['set search_path to {{NAME}}', ''],
  ])('%s%s is not', (query, more) => {
    expect(listWarnings(query, more)).toEqual([]);
  });
});
