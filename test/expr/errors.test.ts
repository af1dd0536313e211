import { describe, expect, it } from 'vitest';
import { compile } from '../../src/expr/index.ts';
import { catchError, createEnv, drawError, host } from './support.ts';

const names = {
  status: 200,
  n: 7,
  text: 'blue mug',
  list: [1, 2, 3],
  none: null,
  headers: { 'Content-Type': 'text/plain' },
  body: { id: 4711, user_id: 5, items: [], deleted: null },
};

// Each block is what a person sees: kind and message, the source, carets below, what to do next.
const blocks = [
  'syntax: unexpected `=`: expected an operator or the end of the expression\nstatus = 200\n       ^\nhint: did you mean `==`?',
  'syntax: unknown operator `===`\nstatus === 200\n       ^^^\nhint: did you mean `==`?',
  'syntax: unknown operator `&`\nstatus & 1\n       ^\nhint: did you mean `&&`, or `bitand(a, b)`?',
  'syntax: unexpected character `@`\n@status\n^\nhint: an item is `#` within a predicate: `filter(list, #.price > 10)`',
  'syntax: the expression is empty\n\n^',
  'syntax: the expression ends too early: expected a value\nstatus ==\n         ^',
  'syntax: unexpected `exists`: expected an operator or the end of the expression\nbody.id exists\n        ^^^^^^\nhint: write `body.id != nil`',
  'syntax: the text has no closing `"`\nn == "open\n     ^',
  'syntax: unknown escape `\\q`\n"bad \\q"\n     ^^\nhint: write `\\\\` for a backslash, or the text in backticks',
  'syntax: the comment has no end\nn /* open\n  ^^\nhint: close it with `*/`',
  'syntax: `>` cannot follow `??` without parentheses\nn ?? 0 > 1\n       ^\nhint: write `(a ?? b) …`',
  'syntax: `#` stands for an item and belongs in a predicate\n# > 1\n^\nhint: as in `filter(list, .qty > 0)`',
  'syntax: unexpected `*`: expected a value\nlist[*]\n     ^\nhint: a list is mapped with `map(list, .name)`',
  'syntax: `filter` needs a list and a predicate\nfilter(list)\n           ^\nhint: for example `filter(list, # != nil)`',
  'syntax: `5n` is not a number\n5name\n^^',
  'check: unknown function `base64encode`\nbase64encode(text)\n^^^^^^^^^^^^\nhint: did you mean `base64`?',
  'check: unknown function `btoa`\nbtoa(text)\n^^^^\nhint: did you mean `base64`?',
  'check: unknown function `sha1`\nsha1(text)\n^^^^\nhint: write `sha256(text)`, the one hash that there is',
  'check: unknown function `hmac`\nhmac(text, key)\n^^^^\nhint: write `hmac_sha256(text, key)`',
  'check: unknown function `size`\nsize(list) == 3\n^^^^\nhint: did you mean `len`?',
  'check: unknown function `uper`\nuper(text)\n^^^^\nhint: did you mean `upper`?',
  'check: `len` takes 1 argument, got 2\nlen(list, 2)\n^^^',
  'check: `split` takes 2 to 3 arguments, got 1\nsplit(text)\n^^^^^',
  'check: `len` is a function and cannot be a variable\nlet len = 2; len\n    ^^^',
  'check: the variable `a` already exists\nlet a = 1; let a = 2; a\n               ^',
  'check: the pattern is not valid: invalid or unsupported Perl syntax: `(?=`\ntext matches "(?=x)"\n             ^^^^^^^\nhint: RE2 has no look-around: combine two conditions with `and`',
  'run: unknown name `stauts`\nstauts == 200\n^^^^^^\nhint: did you mean `status`?',
  'run: `status` is already a name and cannot be a variable\nlet status = 1; status\n    ^^^^^^',
  'run: `+` does not fit string and int\n"n=" + 1\n     ^\nhint: convert the other side with `string(…)`',
  'run: `+` does not fit array and array\n[1] + list\n    ^\nhint: join lists with `concat(a, b)`',
  'run: `>` does not fit nil and int\nbody.deleted > 0\n             ^',
  'run: `contains` does not fit array and int\nlist contains 1\n     ^^^^^^^^\nhint: use `x in list` for a list',
  'run: `in` needs an array or a map on its right side, got string\n"a" in text\n    ^^\nhint: use `contains` for a part of a text',
  'run: `not` needs a bool, got int\nnot status\n    ^^^^^^\nhint: there is no truthiness: compare it with something',
  'run: `and` needs a bool, got nil\ntrue and none\n         ^^^^\nhint: compare with `== nil` or `!= nil`',
  'run: cannot read `year`: `body.deleted` is nil\nbody.deleted.year\n             ^^^^\nhint: use `?.` where nil is expected',
  'run: cannot read `length` of array\nlist.length\n     ^^^^^^\nhint: did you mean `len(list)`?',
  'run: cannot read `length` of string\ntext.length\n     ^^^^^^\nhint: did you mean `len(text)`?',
  'run: cannot read `id` of array\nbody.items.id\n           ^^\nhint: it is a list: take an item, as in `body.items[0].id`, or `map(body.items, .id)`',
  'run: cannot read `[0]` of string\nheaders["Content-Type"][0]\n                       ^^^\nhint: the value is one text, not a list: leave out `[0]`',
  'run: index `0` is out of range: the array has 0 items\nbody.items[0].id\n          ^^^\nhint: the array is empty: check `len(body.items)` first',
  'run: index `9` is out of range: the array has 3 items\nlist[9]\n    ^^^',
  'run: a key of a map must be a string, got int\nbody[1]\n    ^^^',
  'run: string has no method `upper`\ntext.upper()\n     ^^^^^\nhint: functions go in front: `upper(text)`',
  'run: `upper` needs a string, got int\nupper(n)\n^^^^^\nhint: convert it with `string(…)`',
  'run: `join` needs strings, got int for item 0\njoin(list, ",")\n^^^^\nhint: convert them with `map(…, string(#))`',
  'run: the predicate of `filter` must give a bool, got int for item 0\nfilter(list, # + 1)\n^^^^^^\nhint: compare it with something: there is no truthiness',
  'run: `sum` needs numbers, got string for item 0\nsum(["a"])\n^^^',
  'run: "5" is not a duration\nduration("5")\n^^^^^^^^\nhint: write it like `1h30m`, `1.5s` or `250ms`; the units are ns, us, ms, s, m, h',
  'run: unknown time zone `Mars/Olympus`\ntimezone("Mars/Olympus")\n^^^^^^^^\nhint: write it like `Europe/Berlin`',
  'budget: the range has more than 1000000 items\n1..10000000\n ^^',
];

describe('errors', () => {
  it.each(blocks)('%s', (block) => {
    const source = block.split('\n')[1] ?? '';
    const error = catchError(() => compile(source).evaluate(createEnv(names), host));
    expect(drawError(source, error)).toBe(block);
  });

  it('find unknown names before the run when the names are given', () => {
    const error = catchError(() => compile('true or stauts == 1', { names: new Set(['status']) }));
    expect(drawError('true or stauts == 1', error)).toBe(
      'check: unknown name `stauts`\ntrue or stauts == 1\n        ^^^^^^\nhint: did you mean `status`?',
    );
  });

  it('take a function that knows names', () => {
    const options = { names: (name: string) => name === 'a' };
    expect(compile('a', options).names).toHaveLength(1);
    expect(catchError(() => compile('b', options)).kind).toBe('check');
  });
});
