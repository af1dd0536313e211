import { describe, expect, it } from 'vitest';
import * as z from 'zod/mini';
import { parseJson, stringifyJson, type Value } from '../../../src/expr/index.ts';
import { createFunctions } from '../../../src/functions/registry.ts';
import { DiagnosticError } from '../../../src/model/diagnostic.ts';
import type { ExpressionAt } from '../../../src/model/expression-at.ts';
import { anyValue, duration, expression } from '../../../src/model/settings.ts';
import { createSourceFile, positionAt, type Span } from '../../../src/model/source-file.ts';
import { compileRenderable, type RenderableOptions } from '../../../src/plan/compile/renderable.ts';
import { Findings } from '../../../src/plan/read/findings.ts';
import { readYaml } from '../../../src/source/yaml/read-yaml.ts';

const schema = z.strictObject({
  url: z.string(),
  count: z.optional(z.int().check(z.minimum(1))),
  wait: z.optional(duration()),
  deep: z.optional(z.strictObject({ id: z.number(), list: z.optional(z.array(z.boolean())) })),
  body: z.optional(anyValue()),
  until: z.optional(expression()),
  either: z.optional(z.union([z.string(), z.strictObject({ file: z.string() }), z.strictObject({ id: z.number() })])),
});
const host = { now: () => 0 };

function compile(text: string, more: Partial<RenderableOptions> = {}) {
  const findings = new Findings();
  const [node] = readYaml(createSourceFile('f.yaml', '/f.yaml', text)).documents;
  if (!node) throw new Error('the text holds no document');
  const options: RenderableOptions = { what: 'thing', isConfig: true, schema, where: 'config', ...more };
  const compiled = compileRenderable(node, options, { functions: createFunctions(), findings });
  const told = findings.list.map(({ message, span }) => `${placeOf(span)} ${message}`);
  return { ...compiled, told, helps: findings.list.flatMap(({ help = [] }) => help) };
}

function placeOf(span: Span | undefined): string {
  if (!span) return '-';
  const { line, column } = positionAt(span.file, span.start);
  return `${line}:${column}`;
}

describe('the shape of an authored value', () => {
  it.each([
    ['url: a\ncount: 2\nwait: 5s\n', []],
    ['url: a\ncount: "{{n}}"\nwait: "{{w}}"\ndeep: "{{d}}"\n', []],
    ['url: a\ndeep: { id: "{{n}}", list: ["{{b}}"] }\n', []],
    ['url: a\ncount: 0\n', ['2:8 `count` of `thing`: expected at least 1, got int 0']],
    ['url: 5\ncount: "{{n}}"\n', ['1:6 `url` of `thing`: expected text, got int 5']],
    [
      'url: a\ndeep: { id: x, list: [true, 1] }\n',
      [
        '2:13 `deep.id` of `thing`: expected a number, got string "x"',
        '2:29 `deep.list[1]` of `thing`: expected `true` or `false`, got int 1',
      ],
    ],
    ['url: a\ndeep: { ids: 1 }\n', ['2:9 unknown key `ids` in `deep` of `thing`']],
    ['ulr: "{{a}}/health"\n', ['1:1 unknown key `ulr` in `config` of `thing`']],
    ['url: a\ndeep: { ids: "{{n}}", id: 1 }\n', ['2:9 unknown key `ids` in `deep` of `thing`']],
    [
      'url: a\neither: { fil: "{{f}}" }\n',
      ['2:9 `either` of `thing`: expected text, `{file: …}` or `{id: …}`, got a map with `fil`'],
    ],
    ['url: a\neither: { file: "{{f}}", id: "{{n}}" }\n', ['2:26 unknown key `id` in `either` of `thing`']],
    ['url: a\neither: { file: "{{f}}" }\n', []],
    ['url: a\neither: { id: "{{n}}" }\n', []],
    ['url: a\neither: "{{e}}"\n', []],
    ['url: a\ndeep: { list: [] }\n', ['2:1 `deep` of `thing` needs `id`']],
    ['url: "{{a"\n', ['1:7 the placeholder is not closed: expected `}}`, found the end of the text']],
    ['url: a\ncount:\nwait:\n', []],
    ['url: a\ncount: 2.0\ndeep: { id: 1.50 }\n', []],
    ['url: a\ncount: 0.0\n', ['2:8 `count` of `thing`: expected at least 1, got int 0.0']],
    ['url: a\nbody: { "{{k}}": 1 }\n', ['2:9 a key cannot hold a placeholder']],
    ['url: a\nbody: !raw { "{{k}}": "{{v}}" }\n', []],
  ])('%j', (text, told) => {
    expect(compile(text).told).toEqual(told);
  });

  it('shows a missing setting at the word that asks for it', () => {
    const file = createSourceFile('f.yaml', '/f.yaml', 'action: thing\n');
    expect(compile('count: 1\n', { anchor: { file, start: 8, end: 13 } }).told).toEqual(['1:9 `thing` needs `url`']);
  });

  it('tells no setting missing that stands in a wrong place', () => {
    expect(compile('count: 1\n', { misplaced: new Set(['url']) }).told).toEqual([]);
  });
});

describe('rendering', () => {
  const names = (values: Record<string, Value>) => new Map(Object.entries(values));

  it('gives one ready-made value when there is no placeholder', () => {
    const { renderable } = compile('url: a\nwait: 5s\n');
    expect(renderable.isStatic).toBe(true);
    const first = renderable.render(names({}), host);
    expect(first).toEqual({ url: 'a', wait: 5000 });
    expect(renderable.render(names({}), host)).toBe(first);
  });

  it('keeps the type of a single placeholder, and checks what it became', () => {
    const { renderable } = compile('url: "http://{{h}}"\ncount: "{{n}}"\nwait: "{{w}}"\n');
    expect(renderable.isStatic).toBe(false);
    expect(renderable.render(names({ h: 'x', n: 2, w: '1s' }), host)).toEqual({
      url: 'http://x',
      count: 2,
      wait: 1000,
    });
  });

  it('takes a number for a setting however it is spelled, and keeps the spelling where any value may stand', () => {
    const { renderable } = compile('url: a\ncount: 2.0\nbody: { price: 59.90 }\ndeep: { id: "{{n}}" }\n');
    const values = new Map([['n', parseJson('1.50')]]);
    const made = renderable.render(values, host) as { count: number; body: Value; deep: { id: number } };
    expect({ count: made.count, id: made.deep.id }).toEqual({ count: 2, id: 1.5 });
    expect(stringifyJson(made.body)).toBe('{"price":59.90}');
  });

  it.each([
    ['count: "{{n}}"\nurl: a\n', { n: 'two' }, '1:8 `count` of `thing`: expected a number, got string "two"'],
    ['count: "{{n}}"\nurl: a\n', { n: 0 }, '1:8 `count` of `thing`: expected at least 1, got int 0'],
    ['url: a\ndeep:\n  id: "{{n}}"\n', { n: true }, '3:7 `deep.id` of `thing`: expected a number, got bool true'],
    ['url: "x {{ n.y.z }}"\n', { n: 1 }, '1:14 cannot read `y` of int'],
  ])('%j with %j is told at its place', (text, values, told) => {
    const { renderable } = compile(text);
    let message = '';
    try {
      renderable.render(names(values), host);
    } catch (error) {
      if (!(error instanceof DiagnosticError)) throw error;
      message = `${placeOf(error.diagnostic.span)} ${error.diagnostic.message}`;
    }
    expect(message).toBe(told);
  });

  it.each([
    ['deep: { id: 1, list: "{{n}}" }\n', 'a,b', `take the text apart: \`'{{split(n, ",")}}'\``],
    ['deep: { id: 1, list: "{{ n ?? 1 }}" }\n', 'a, b', `take the text apart: \`'{{split(n ?? 1, ", ")}}'\``],
    ['deep: { id: 1, list: "{{n}}" }\n', '[1]', "it is a text: write `'{{fromJSON(n)}}'` if it holds JSON"],
    ['deep: { id: 1, list: "{{n}}" }\n', 'a', 'of one item write `["{{n}}"]`'],
    ['deep: { id: 1, list: "x{{n}}" }\n', 'a,b', undefined],
    ['deep: { id: 1, list: "{{n}}" }\n', 5, undefined],
    ['deep: { id: 1, list: "{{n}}" }\n', { items: [1], all: 1 }, "its list is `'{{n.items}}'`"],
    ['deep: { id: 1, list: "{{n}}" }\n', { a: [1], b: [] }, "its lists are `'{{n.a}}'`, `'{{n.b}}'`"],
    ['deep: { id: 1, list: "{{n}}" }\n', { a: 1 }, "its values are `'{{values(n)}}'`"],
    [
      'deep: { id: 1, list: "{{n.itms}}" }\n',
      { items: [] },
      '`n` has no `itms`: did you mean `items`? its only key is `items`',
    ],
    [
      'deep: { id: 1, list: "{{n.a.itms}}" }\n',
      { a: { items: [] } },
      '`n.a` has no `itms`: did you mean `items`? its only key is `items`',
    ],
    ['deep: { id: 1, list: "{{n.items}}" }\n', { items: null }, '`n.items` is there, and it is nil (null)'],
  ])('%j with %j says how it becomes a list', (text, n, help) => {
    const { renderable } = compile(`url: a\n${text}`);
    const render = () => renderable.render(names({ n: n as Value }), host);
    expect(render).toThrow(DiagnosticError);
    try {
      render();
    } catch (error) {
      expect((error as DiagnosticError).diagnostic.help?.[0]).toBe(help);
    }
  });

  it('shows the values that are of the wrong form', () => {
    const { renderable } = compile('url: a\ndeep: { id: 1, list: "{{n.a}} {{m}}" }\n');
    const values = { n: { a: 'x' }, m: 1 };
    expect(() => renderable.render(names(values), host)).toThrow(
      expect.objectContaining({
        diagnostic: expect.objectContaining({
          explained: {
            parts: [
              { offset: 2, length: 3, text: 'n.a', type: 'string', value: 'x' },
              { offset: 10, length: 1, text: 'm', type: 'int', value: 1 },
            ],
          },
        }),
      }),
    );
  });

  it('says how a text that is written where a list belongs is written', () => {
    expect(compile('url: a\ndeep: { id: 1, list: orders }\n').helps).toEqual([
      "the list of that name is `'{{orders}}'`, and one of this text `[orders]`",
    ]);
    expect(compile('url: a\ndeep: { id: 1, list: "a, b" }\n').helps).toEqual(['write a list: `[a, b]`']);
  });

  it('leaves what is raw and what is verbatim as it is', () => {
    const { renderable, refs } = compile('url: "{{a}}"\nbody: !raw { x: "{{b}}" }\n', { verbatim: ['url'] });
    expect(renderable.render(names({}), host)).toEqual({ url: '{{a}}', body: { x: '{{b}}' } });
    expect(refs).toEqual([]);
  });

  it('keeps a key that other languages trip over', () => {
    const { renderable } = compile('url: a\nbody: { __proto__: { x: 1 }, y: "{{n}}" }\n');
    const { body } = renderable.render(names({ n: 1 }), host) as { body: object };
    expect(Object.keys(body)).toEqual(['__proto__', 'y']);
  });

  it('picks settings without the others', () => {
    const { pick } = compile('url: a\ncount: "{{n}}"\n');
    expect(pick(['url']).isStatic).toBe(true);
    expect(pick(['url']).render(names({}), host)).toEqual({ url: 'a' });
  });
});

describe('expressions among the settings', () => {
  const expressions = new Map([['until', new Set(['status'])]]);

  it('are compiled, and read the names that stand there besides the flow’s', () => {
    const { refs, renderable, told } = compile('url: a\nuntil: status == wanted\n', { expressions });
    expect(told).toEqual([]);
    expect(refs.map(({ name, setting }) => [name, setting])).toEqual([['wanted', 'until']]);
    const { until } = renderable.render(new Map(), host) as { until: ExpressionAt };
    expect(until.expression.evaluate(new Map(Object.entries({ status: 1, wanted: 1 })), host)).toBe(true);
  });

  it('that are wrong are told once', () => {
    expect(compile('url: a\nuntil: status = 1\n', { expressions }).told).toEqual([
      '2:15 unexpected `=`: expected an operator or the end of the expression',
    ]);
  });
});

describe('other spellings', () => {
  it('mean the setting, and both at once are an error', () => {
    const aliases = { address: 'url' };
    expect(compile('address: a\n', { aliases }).authored).toEqual({ url: 'a' });
    expect(compile('url: a\naddress: b\n', { aliases }).told).toEqual([
      '2:1 `url` and `address` mean the same: write one of them',
    ]);
  });
});
