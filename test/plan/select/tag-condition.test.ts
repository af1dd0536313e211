import { describe, expect, it } from 'vitest';
import { readTagCondition } from '../../../src/plan/select/tag-condition.ts';

describe('a condition on tags', () => {
  it.each<[text: string, tags: string, expected: boolean]>([
    ['smoke', 'smoke orders', true],
    ['smoke', 'smoke-test', false],
    ['@smoke', 'smoke', true],
    ['not smoke', '', true],
    ['not not smoke', 'smoke', true],
    ['smoke and not slow', 'smoke', true],
    ['smoke and not slow', 'smoke slow', false],
    ['a or b and c', 'a', true],
    ['a or b and c', 'b', false],
    ['(a or b) and c', 'a', false],
    ['(a or b) and c', 'b c', true],
    ['not (a or b)', 'c', true],
    ['not a or b', 'a b', true],
    ['order:slow/db', 'order:slow/db', true],
    ['  smoke  and(fast)', 'smoke fast', true],
  ])('%s of a flow with "%s" is %s', (text, tags, expected) => {
    expect(readTagCondition(text).matches(tags.split(' ').filter(Boolean))).toBe(expected);
  });

  it.each([
    ['', 'no tag is named'],
    ['smoke and', 'a tag is missing after `and`'],
    ['and smoke', 'a tag is missing before `and`'],
    ['or', 'a tag is missing before `or`'],
    ['smoke and or fast', 'a tag is missing after `and`'],
    ['not', 'a tag is missing after `not`'],
    ['()', 'a tag is missing after `(`'],
    ['smoke fast', 'neither `and` nor `or` stands between `smoke` and `fast`'],
    ['smoke not fast', 'neither `and` nor `or` stands between `smoke` and `not`'],
    ['(smoke', 'a `(` is not closed'],
    ['smoke)', 'a `)` has no `(`'],
    ['smoke,fast', '`,` is no word of a condition on tags'],
    ['smoke && fast', '`&&` is no word of a condition on tags'],
    ['!slow', '`!` is no word of a condition on tags'],
  ])('%j cannot be read', (text, message) => {
    expect(() => readTagCondition(text)).toThrow(message);
  });
});
