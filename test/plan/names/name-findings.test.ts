import { describe, expect, it } from 'vitest';
import { planText } from '../../support/plan-text.ts';

/** What is said of a flow with these steps. */
function told(steps: string): readonly string[] {
  const { diagnostics } = planText(`name: x\nenv: { A: "1", greeting: x }\nsteps:\n${steps}\n`);
  return diagnostics
    .filter(({ code = '' }) => ['TM104', 'TM106', 'TM109'].includes(code))
    .map(({ message, help }) => `${message}: ${help?.join('; ')}`);
}

describe('a text that lacks its quotes in an assertion', () => {
  const check = (assertion: string) =>
    told(`  - { id: u, action: http_request, config: { url: "http://h/" }, assert: ['${assertion}'] }`);
  it.each([
    'body.name == Ada',
    'Ada != body.name',
    'status == 200 and body.name contains Ada',
    'body.a == Ada or true',
  ])('is told with them: %s', (assertion) => {
    const meant = 'unknown name `Ada`: where a text is meant, put it in quotes: `"Ada"`; names here are `status`';
    expect(check(assertion)).toEqual([expect.stringContaining(meant)]);
  });

  it.each(['200 == Ada', 'body.name == Ada.x', 'body.n > Ada', 'len(Ada) == 1'])('is not meant in %s', (assertion) => {
    expect(check(assertion)).toEqual([expect.stringMatching(/^unknown name `Ada`: names here are .*; declare it/)]);
  });

  it.each([
    ['body.name == Grace Hopper', 'where a text is meant, put it in quotes: `body.name == "Grace Hopper"`'],
    [
      'status == 200 and body.name == Grace B Hopper',
      'put it in quotes: `status == 200 and body.name == "Grace B Hopper"`',
    ],
    ['body.name == Grace Hopper and status == 200', 'put it in quotes: `body.name == "Grace Hopper"`'],
    ['body.name == greeting status == 200', 'join conditions with `and` or `or`'],
    ['"body.name == "Ann""', 'the quotes around the whole make a text of it: write `body.name == "Ann"`'],
  ])('and one of several words, or quotes around the whole: %s', (assertion, hint) => {
    expect(check(assertion)).toEqual([expect.stringContaining(hint)]);
  });
});

describe('a text that is written where a value is set', () => {
  const set = (value: string) => `  - { action: set, config: { out: ${value} } }`;
  const quoted = (text: string) =>
    `\`out\` takes an expression, in which a text has quotes of its own: \`out: '${text}'\``;
  const declare = (name: string) =>
    `declare it under \`env:\`, capture it with \`output:\`, or pass it with \`--var ${name}=…\``;
  it.each([
    ['hello', `unknown name \`hello\`: ${quoted('"hello"')}; ${declare('hello')}`],
    ['hello-world', `unknown name \`hello\`: ${quoted('"hello-world"')}; ${declare('hello')}`],
    ['greting', `unknown name \`greting\`: did you mean \`greeting\`?; ${quoted('"greting"')}`],
    [
      'hello world',
      `unexpected \`world\`: expected an operator or the end of the expression: ${quoted('"hello world"')}`,
    ],
    ['http://x/y', `unexpected \`:\`: expected an operator or the end of the expression: ${quoted('"http://x/y"')}`],
    [
      '"hello, {{A}}"',
      `unexpected \`,\`: expected an operator or the end of the expression: ${quoted('"hello, " + A')}`,
    ],
    ['ada@example.com', `unexpected character \`@\`: ${quoted('"ada@example.com"')}`],
    ['yes', `unknown name \`yes\`: a bool is written \`true\`; ${quoted('"yes"')}`],
    ['price * 2', `unknown name \`price\`: ${declare('price')}`],
  ])('%s', (value, message) => {
    expect(told(set(value))).toEqual([message]);
  });

  it('says that a date is a difference', () => {
    const { diagnostics } = planText(`name: x\nsteps:\n${set('2026-01-02')}\n`);
    const [finding] = diagnostics.filter(({ message }) => message.includes('difference'));
    expect(finding).toMatchObject({ severity: 'warning', help: [quoted('"2026-01-02"')] });
  });
});

describe('what a loop calls by another name', () => {
  const loop = (names: string, use: string) =>
    `  - { id: loop, action: for_each, config: { items: [1], ${names}steps: [{ action: log, config: { message: "${use}" } }] } }`;
  it.each([
    ['item_name: order, ', '{{item}}', '`item`: `loop` calls it `order`: write `order`'],
    ['item_name: order, ', '{{item.id}}', '`item`: `loop` calls it `order`: write `order.id`'],
    ['index_name: i, ', '{{index + 1}}', '`index`: `loop` calls it `i`: write `i`'],
  ])('%s%s', (names, use, said) => {
    expect(told(loop(names, use))).toEqual([`unknown name ${said}`]);
  });

  it('is known by its own name, and swapped ones are none', () => {
    expect(told(loop('item_name: order, ', '{{order}} {{index}}'))).toEqual([]);
    expect(told(loop('item_name: index, index_name: item, ', '{{item}} {{index}}'))).toEqual([]);
  });
});

describe('what a step captures, in its own assertions', () => {
  const step = (output: string, assertion: string) =>
    `  - { id: get, action: http_request, config: { url: "http://localhost/" }, output: { a: ${output} }, assert: ['${assertion}'] }`;
  it.each([
    ['$.body.user.id', 'a == 1', 'a', 'body.user.id'],
    ['"$.body.items[0].id"', 'a == 1', 'a', 'body.items[0].id'],
    ['body.id', 'a == 1', 'a', 'body.id'],
    ['len(body.items)', 'a == 1', 'a', 'len(body.items)'],
    ['"$.body.items[*].id"', 'a == 1', 'a', 'body.id'],
    ['$.body.user.id', 'get.a == 1', 'get.a', 'body.user.id'],
  ])('%s in %s', (output, assertion, name, path) => {
    expect(told(step(output, assertion))).toEqual([
      `\`${name}\` is used before it is captured: this step captures it when it has passed: a step sees its own result by its keys: write \`${path}\``,
    ]);
  });

  it('is named where a poll asks, too', () => {
    const poll =
      '  - { action: poll, config: { timeout: 1s, step: { action: http_request, config: { url: "http://localhost/" } }, until: "a == 1" }, output: { a: $.body.n } }';
    expect(told(poll)).toEqual([
      '`a` is used before it is captured: this step captures it when it has passed: here the result is seen by its keys: write `body.n`',
    ]);
  });
});
