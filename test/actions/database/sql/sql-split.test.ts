import { describe, expect, it } from 'vitest';
import { splitStatements } from '../../../../src/actions/database/sql/sql-split.ts';

describe('splitStatements', () => {
  it.each([
    ['select 1', ['select 1']],
    ['a; b ;; c;', ['a', 'b', 'c']],
    [' -- only a comment\n ; /* x */ select 1 -- end', ['select 1']],
    ["select ';'; select $$;$$", ["select ';'", 'select $$;$$']],
    [
      'create rule r as on insert to t do also (delete from a; delete from b); select 1',
      ['create rule r as on insert to t do also (delete from a; delete from b)', 'select 1'],
    ],
    [
      'create or replace function f() returns int begin atomic select 1; select case when true then 2 end; end; select 3',
      [
        'create or replace function f() returns int begin atomic select 1; select case when true then 2 end; end',
        'select 3',
      ],
    ],
    ['begin; select 1; end; select 2', ['begin', 'select 1', 'end', 'select 2']],
    ['', []],
  ])('%s', (text, expected) => {
    expect(splitStatements(text).map(({ start, end }) => text.slice(start, end))).toEqual(expected);
  });

  it('knows the first word', () => {
    expect(splitStatements('/* x */ (select 1); insert into t').map(({ verb }) => verb)).toEqual(['SELECT', 'INSERT']);
  });
});
