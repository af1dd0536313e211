import { describe, expect, it } from 'vitest';
import { refusePath } from './support.ts';

/** What is refused, where (from 0), what is said, and how to write it. */
const REFUSALS: readonly [path: string, offset: number, message: string, hint?: string][] = [
  ['body.id', 0, 'a path begins with `$`', 'write `$.body.id`'],
  ['', 0, 'a path begins with `$`'],
  ['$body.id', 1, '`body.id` does not continue a path', 'write `$.body.id`'],
  ['$.a b', 3, '` b` does not continue a path'],
  ['$.a[0])', 6, '`)` does not continue a path'],
  ['$.', 1, 'a name is missing after the dot'],
  ['$.a.', 3, 'a name is missing after the dot'],
  ['$.a..', 3, 'a name is missing after the dot'],
  ['$. a', 1, 'a name is missing after the dot', 'leave out the space: a name follows its dot directly'],
  ['$.&', 1, 'a name is missing after the dot', 'is written `["…"]`'],
  ['$.a[?search(@.b, "{{c}}") and match(@.b, "(")]', 41, 'the pattern is not valid: missing closing ): `(`'],
  ['$.{{key}}', 1, 'a name is missing after the dot', 'a path is fixed: write an expression'],
  ['$.a.[0]', 3, '`.[` is not a path', 'leave the dot out'],
  ['$.a.length()', 4, 'a path cannot call `length()`', 'write `.length`'],
  ['$.b[', 3, 'the bracket that opens here is not closed', 'close it with `]`'],
  ['$.b[0', 3, 'the bracket that opens here is not closed'],
  ['$.b[?@.x', 3, 'the bracket that opens here is not closed'],
  ['$.a[]', 3, 'the brackets are empty', 'write `[0]`, `["name"]` or `[*]`'],
  ['$.a[0,]', 6, 'something is missing after the comma', 'take the comma away'],
  ['$.a[,0]', 4, 'something is missing before the comma'],
  ['$.a[0 2]', 6, 'expected `,` or `]`, got `2`', 'several selectors are separated by commas: `[0, 2]`'],
  ['$.a[b]', 4, '`b` is not allowed in brackets', 'quote it: `["b"]`'],
  ['$.a[(@.length-1)]', 4, '`(@.length-1)` is not allowed in brackets', 'with a minus: `[-1]`'],
  ['$.a[(@.length - 2)]', 4, '`(@.length - 2)` is not allowed in brackets', 'with a minus: `[-2]`'],
  ['$.a[last()]', 4, '`last()` is not allowed in brackets', 'with a minus: `[-1]`'],
  ['$.a[*].b^', 8, '`^` does not continue a path', 'a path cannot go up'],
  ['$.a[*]~', 6, '`~` does not continue a path', '`keys(…)`'],
  ['$.a[?@.x == undefined]', 12, '`undefined` is not a literal', '`!@.name` for what is missing'],
  ['$.a[@.b]', 4, '`@.b` is not allowed in brackets', 'a filter begins with `?`'],
  ['$.a[{{n}}]', 4, '`{{n}}` is not allowed in brackets', 'a path is fixed: write an expression'],
  ['$.a["{{n}}"]', 4, 'a placeholder in a key of a path is not filled in', 'a path is fixed: write an expression'],
  ['$.a[01]', 4, '`01` is not allowed in brackets', 'write `[1]`'],
  ['$.a[-0]', 4, '`-0` is not allowed in brackets', 'write `[0]`'],
  ['$.a[+1]', 4, '`+1` is not allowed in brackets', 'write `[1]`'],
  ['$.a[1.0]', 4, '`1.0` is not allowed in brackets', 'write `[1]`'],
  ['$.a[1:2:3:4]', 9, 'expected `,` or `]`, got `:4`'],
  ['$.a[9007199254740992]', 4, 'the number is beyond ±9007199254740991'],
  ["$['it's']", 6, "expected `,` or `]`, got `s'`"],
  ['$["a\\x41"]', 4, '`\\x` is not an escape', '`\\u0041`'],
  ["$['\\\"']", 3, '`\\"` is not an escape', '`"` needs no backslash between single quotes'],
  ['$["\\ud83d"]', 3, 'this is half of a character', 'write both halves'],
  ['$["\\u12"]', 3, '`\\u` needs four hexadecimal digits'],
  ['$["a\nb"]', 4, 'a control character cannot stand in quotes', 'write `\\n`'],
  ['$["a', 2, 'the quote that opens here is not closed', 'close it with `"`'],
  ['$.a[?]', 4, 'the filter has no condition', 'write `[?@.price > 10]`'],
  ['$.a[?(@.x = 1)]', 10, 'unexpected `=`', 'did you mean `==`?'],
  ['$.a[?(@.x == )]', 13, 'unexpected `)`'],
  ['$.a[?@.x == "y]', 12, 'the quote that opens here is not closed'],
  ['$.a[?@.x == 01]', 12, '`01` is not a number as JSON writes it', 'write for example `1`'],
  ['$.a[?@.x > .5]', 11, '`.5` is not a number as JSON writes it', 'write for example `0.5`'],
  ['$.a[?@.x == True]', 12, '`True` is not a literal', 'write `true`'],
  ['$.a[?true]', 5, 'the condition `true` is the same for every item', 'the item is `@`'],
  ['$.a[?@..x == 1]', 5, 'this may be several values, which cannot be compared', 'filter them'],
  ['$.a[?@.x[*] == limit]', 5, 'this may be several values, which cannot be compared', 'filter them'],
  ['$.a[?len(@..x) > 1]', 9, '`..` searches all levels only in a condition that RFC 9535 can read'],
  ['$.a[?@..x + 1 == 2]', 5, '`..` searches all levels only in a condition that RFC 9535 can read'],
  ['$.a[?length(@.x)]', 5, '`length` gives a value, which is not a condition', 'compare it'],
  ['$.a[?match(@.x, "a") == true]', 5, '`match` is true or false by itself', 'leave the comparison out'],
  ['$.a[?match(@.x)]', 5, '`match` takes 2 arguments, got 1', 'match(@.name, "A.*")'],
  ['$.a[?count("x") > 1]', 11, '`count` takes a query', 'count(@.tags[*])'],
  ['$.a[?search(@.x, "(")]', 17, 'the pattern is not valid'],
  ['$.a[?match(@.x, "(?=a)")]', 16, 'the pattern is not valid', 'RE2 has no look-around'],
  ['$.a[?@property == "x"]', 5, '`@property` is unknown'],
  [`$${'[?@'.repeat(60)}`, 151, 'the path is nested too deeply'],
  [`$${'.a'.repeat(201)}`, 401, 'the path has more than 200 parts'],
  [`$.${'a'.repeat(10_000)}`, 0, 'the path has more than 10000 characters'],
];

describe('a path that is refused', () => {
  it.each(REFUSALS)('%s at %i: %s', (path, offset, message, hint = '') => {
    const error = refusePath(path);
    expect(error.kind).not.toBe('run');
    expect(error.message).toContain(message);
    expect(error.offset).toBe(offset);
    expect(error.hint ?? '').toContain(hint);
    expect(`${error.message} ${error.hint}`).not.toContain('\u0298');
  });
});
