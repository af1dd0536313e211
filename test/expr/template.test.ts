import { describe, expect, it } from 'vitest';
import { compileTemplate, DurationValue, ExactNumber, type Value } from '../../src/expr/index.ts';
import { catchError, createEnv, drawError, host, render } from './support.ts';

const names: { readonly [name: string]: Value } = {
  n: 7,
  name: 'Ann',
  empty: '',
  none: null,
  flag: true,
  big: new ExactNumber('9007199254740993'),
  span: new DurationValue(90_000_000_000n),
  items: [
    { id: 1, tags: ['a'] },
    { id: 2, tags: [] },
  ],
  user: { id: 5, 'first name': 'Bo' },
  half: { gone: null },
  injected: '{{n}} ${n} <<n>>',
};

const rendered: readonly [string, Value][] = [
  ['', ''],
  ['plain', 'plain'],
  ['{{n}}', 7],
  ['{{ n }}', 7],
  ['${n}', 7],
  ['${ n * 2 }', 14],
  ['<<n>>', 7],
  ['<<items[0].id>>', 1],
  ['<<user["first name"]>>', 'Bo'],
  ['{{none}}', null],
  ['{{flag}}', true],
  ['{{items[1]}}', { id: 2, tags: [] }],
  ['n={{n}}', 'n=7'],
  ['{{n}}{{n}}', '77'],
  ['{{name}}@${name}.<<name>>', 'Ann@Ann.Ann'],
  ['{{big}}', new ExactNumber('9007199254740993')],
  ['id {{big}}', 'id 9007199254740993'],
  ['{{span}} long', '1m30s long'],
  ['all {{items}}', 'all [{"id":1,"tags":["a"]},{"id":2,"tags":[]}]'],
  ['{{ {a: {b: n}} }}', { a: { b: 7 } }],
  ['{{{a: n}}}', { a: 7 }],
  ['{{map(items, {{id: .id}})}}', [{ id: 1 }, { id: 2 }]],
  ['{{filter(items, {.id > 1})[0].id}}', 2],
  ['{{ "}}" }}', '}}'],
  ['{{ `}}` + "x" }}!', '}}x!'],
  ['{{ name ?? "guest" }}', 'Ann'],
  ['{{ none ?? "guest" }}', 'guest'],
  ['hello {{ none ?? "guest" }}', 'hello guest'],
  ['{{ n > 5 ? "big" : "small" }}', 'big'],
  ['{{ "in {{name}}" }}', 'in Ann'],
  ['${PORT:-5432}', '5432'],
  ['${PORT:5432}', '5432'],
  ['${n:-5432}', 7],
  ['${empty:-x}', 'x'],
  ['${none:-x}', 'x'],
  ['${X:-}', ''],
  ['${X:-a{b}c}', 'a{b}c'],
  ['${X:-{{n}}}', '{{n}}'],
  ['postgres://${U:-me}@${H:localhost}/db', 'postgres://me@localhost/db'],
  ['\\{{n}}', '{{n}}'],
  ['\\${n}', '${n}'],
  ['\\<<n>>', '<<n>>'],
  ['\\\\{{n}}', '\\7'],
  ['\\\\\\{{n}}', '\\{{n}}'],
  ['\\\\${n}', '\\7'],
  ['a\\b \\\\ c', 'a\\b \\\\ c'],
  ['C:\\dir\\{{name}', 'C:\\dir{{name}'],
  ['{n} { } $ $n < <n>', '{n} { } $ $n < <n>'],
  ['select 1 << 2, 8 >> 1', 'select 1 << 2, 8 >> 1'],
  ['a << n >> b', 'a << n >> b'],
  ['cat <<EOF', 'cat <<EOF'],
  ['<<1>> <<n+1>>', '<<1>> <<n+1>>'],
  ['{{injected}}!', '{{n}} ${n} <<n>>!'],
  ['{"qty": {{n}}, "who": "{{name}}"}', '{"qty": 7, "who": "Ann"}'],
  ['{{n}}}', '7}'],
  ['line\n{{n}}\n', 'line\n7\n'],
  ['{{ n // a comment\n }}', 7],
];

// Kind and message, the text, carets, hint.
const blocks = [
  "syntax: the placeholder is not closed: expected `}}`, found `,`\n'{{1,2},{3,4}}'\n    ^\nhint: for a literal `{{` write `\\{{`; in SQL write `ARRAY[[1,2],[3,4]]`",
  'syntax: the placeholder is empty\nx {{}}\n    ^\nhint: for a literal `{{` write `\\{{`',
  'syntax: the placeholder is not closed: expected `}}`, found the end of the text\nx {{ n\n  ^^\nhint: for a literal `{{` write `\\{{`',
  'syntax: the placeholder is not closed: expected `}`, found the end of the text\n${n\n^^\nhint: for a literal `${` write `\\${`',
  'syntax: the placeholder is not closed: expected `}}`, found `b`\n{{a b}}\n    ^\nhint: for a literal `{{` write `\\{{`',
  'syntax: `.` stands for an item and belongs in a predicate\nx {{ .n }}\n     ^\nhint: write `{{n}}`, without the dot',
  'syntax: unexpected `}`: expected `:` after a key\nx {{{n}}}\n      ^\nhint: write `{{n}}`, with two braces: nothing is escaped',
  'run: unknown name `nam`\nhi {{nam}}\n     ^^^\nhint: did you mean `name`?',
  'run: `none` is nil and cannot be put into text\nhi {{none}}\n     ^^^^\nhint: give a value for that case: `none ?? "…"`',
  'run: `user.idd` is nil and cannot be put into text\nhi {{user.idd}}\n     ^^^^^^^^\nhint: did you mean `id`? If nothing may be there, give a value for that case: `user.idd ?? "…"`',
  'run: `user["Id"]` is nil and cannot be put into text\nhi {{user["Id"]}}\n     ^^^^^^^^^^\nhint: did you mean `id`? If nothing may be there, give a value for that case: `user["Id"] ?? "…"`',
  'run: `user.colour` is nil and cannot be put into text\nhi {{user.colour}}\n     ^^^^^^^^^^^\nhint: give a value for that case: `user.colour ?? "…"`',
  'run: `half.gon` is nil and cannot be put into text\nhi {{half.gon}}\n     ^^^^^^^^\nhint: give a value for that case: `half.gon ?? "…"`',
  'run: cannot read `x`: `none` is nil\n{{ none.x }}\n        ^\nhint: use `?.` where nil is expected',
];

describe('templates', () => {
  it.each(rendered)('%j gives %j', (text, value) => {
    expect(render(text, names)).toEqual(value);
  });

  it.each(blocks)('%s', (block) => {
    const text = block.split('\n')[1] ?? '';
    expect(
      drawError(
        text,
        catchError(() => render(text, names)),
      ),
    ).toBe(block);
  });

  it.each([
    ['${{ env.TOKEN }}', 'write `{{TOKEN}}`, without the `$`'],
    ['${{n}}', 'write `{{n}}`, without the `$`'],
    ['a ${{ steps.a.b }}', 'write `{{steps.a.b}}`, without the `$`'],
    ['${{ 1 + }}', 'for a literal `${` write `\\${`'],
  ])('are written without the sign of other tools: %s', (text, hint) => {
    expect(catchError(() => compileTemplate(text)).hint).toBe(hint);
  });

  it('are literal without placeholders', () => {
    const template = compileTemplate('a \\{{b}}');
    expect(template.isLiteral).toBe(true);
    expect(template.literal).toBe('a {{b}}');
    expect(compileTemplate('{{n}}').isLiteral).toBe(false);
  });

  it('tell their names with offsets in the text, and their functions', () => {
    const template = compileTemplate('a {{user.id}} ${PORT:-1} {{len(items[0].tags)}} <<n>>');
    expect(template.names).toEqual([
      { name: 'user', offset: 4, length: 4, path: ['id'] },
      { name: 'PORT', offset: 16, length: 4, path: [], optional: true },
      { name: 'items', offset: 31, length: 5, path: [0, 'tags'] },
      { name: 'n', offset: 50, length: 1, path: [] },
    ]);
    expect(template.calls).toEqual(['len']);
  });

  it('explain the placeholder that could not be evaluated', () => {
    const env = createEnv({ p: '5', q: 2 });
    const explanation = compileTemplate('{{q}} of {{p * q}}').explain(env, host);
    expect(explanation?.parts.map(({ text, value, offset }) => [text, value, offset])).toEqual([
      ['p', '5', 11],
      ['q', 2, 15],
    ]);
    expect(explanation?.hints).toEqual(['`p` is a text: convert it with `int(p)`']);
    expect(compileTemplate('{{now() * p}}').explain(env, host)).toBeUndefined();
    expect(compileTemplate('{{q}}').explain(env, host)).toBeUndefined();
  });

  it('end when the text gets too long', () => {
    const long = 'x'.repeat(9_000_000);
    const template = compileTemplate('{{x}}'.repeat(20));
    expect(catchError(() => template.render(createEnv({ x: long }), host)).message).toContain('longer than');
  });
});
