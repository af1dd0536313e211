import { describe, expect, it } from 'vitest';
import { checkDatabaseSettings } from '../../../../src/actions/database/check.ts';

const help = (query: string, params: unknown) =>
  checkDatabaseSettings({ connection: 'postgres://h/x', query, params }).map((finding) => finding.help);

describe('a parameter as other drivers take it', () => {
  it.each([
    ["select ':a' as a", 'what stands in quotes is a text: write `:a`'],
    ["select 1 where n like '%:a%'", "what stands in quotes is a text: write `'%' || :a || '%'`"],
    ['select @a::int', 'write `:a` for `@a`'],
    ['select %(a)s::int', 'write `:a` for `%(a)s`'],
    ['select {a}', 'write `:a` for `{a}`'],
    ['select #{a}', 'write `:a` for `#{a}`'],
  ])('%s', (query, said) => expect(help(query, { a: 1 })).toEqual([[said]]));

  it.each([
    ['select %s::int', 'write `$1` for `%s`'],
    ["select '?'", 'what stands in quotes is a text: write `?`'],
    ["select '$1'", 'what stands in quotes is a text: write `$1`'],
    ['select @p1', 'write `$1` for `@p1`'],
  ])('%s in a list', (query, said) => expect(help(query, [1])).toEqual([[said]]));

  it('that is nowhere has no other spelling', () => {
    expect(help('select 1', { a: 1 })).toEqual([[]]);
    expect(help('select 1', [1])).toEqual([[]]);
  });
});
