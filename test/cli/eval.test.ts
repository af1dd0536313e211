import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { answerLines } from '../../src/cli/commands/eval-lines.ts';
import { createFunctions } from '../../src/functions/registry.ts';
import { repeats } from '../support/sample.ts';
import { callCommand, feed } from './command.ts';

const inFullRun = it.runIf(repeats('further tests of testmesh eval', 1, 0) > 0);

let cwd = '';

beforeAll(() => {
  cwd = mkdtempSync(join(tmpdir(), 'testmesh-eval-'));
  writeFileSync(
    join(cwd, 'data.json'),
    '{"total": 9007199254740993, "items": [{"price": 5}], "special": {"$number": "NaN"}}',
  );
  writeFileSync(join(cwd, 'list.json'), '[1]');
  writeFileSync(join(cwd, 'broken.json'), '{');
  writeFileSync(join(cwd, 'deep.json'), `{"a": ${'['.repeat(5000)}${']'.repeat(5000)}}`);
});
afterAll(() => rmSync(cwd, { recursive: true }));

async function answer(...chunks: readonly (string | Uint8Array)[]): Promise<unknown[]> {
  const { exitCode, output, errors } = await callCommand(['eval', '--jsonl'], { input: feed(...chunks) });
  expect({ exitCode, errors }).toEqual({ exitCode: 0, errors: '' });
  expect(output === '' || output.endsWith('\n')).toBe(true);
  return output.trimEnd() === ''
    ? []
    : output
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line));
}

describe('testmesh eval', () => {
  it.each([
    ['1 + 1', '2\n'],
    ['total', '9007199254740993\n'],
    ['items[0]', '{\n  "price": 5\n}\n'],
    ['1 / 0', '{\n  "$number": "Infinity"\n}\n'],
    ['special == special', 'false\n'],
    ['nil', 'null\n'],
    ['"a"', '"a"\n'],
    ['now() > date("2020-01-01")', 'true\n'],
    ['sha256("abc")[0:8]', '"ba7816bf"\n'],
    ['is_uuid(uuid()) and env("HOME_TOWN") == "Oslo"', 'true\n'],
    ['file("list.json")', '"[1]"\n'],
  ])('%s', async (expression, wanted) => {
    const result = await callCommand(['eval', expression, '--json', 'data.json'], { cwd, env: { HOME_TOWN: 'Oslo' } });
    expect(result).toEqual({ exitCode: 0, output: wanted, errors: '' });
  });

  it.each([
    [['-7 % 3'], '-1\n'],
    [['-7'], '-7\n'],
    [['-(1 + 2)'], '-3\n'],
    [['- 5'], '-5\n'],
    [['--5'], '5\n'],
    [['-.5'], '-0.5\n'],
    [['-len("abc")'], '-3\n'],
    [['-total', '--json', 'data.json'], '-9007199254740993\n'],
    [['--json', 'data.json', '-items[0].price', '--color', 'never'], '-5\n'],
    [['--seed', '5', '-1'], '-1\n'],
    [['--', '-7 % 3'], '-1\n'],
  ])('%j', async (words, wanted) => {
    expect(await callCommand(['eval', ...words], { cwd })).toEqual({ exitCode: 0, output: wanted, errors: '' });
  });

  it.each([['--jsn'], ['--jsn=x'], ['-q'], ['-x', '--jsn']])(
    'takes %s for the flag that it is not',
    async (...words) => {
      const { exitCode, errors } = await callCommand(['eval', ...words]);
      expect([exitCode, errors]).toEqual([2, expect.stringContaining('unknown')]);
    },
  );

  it('takes no other text than UTF-8 from standard input, nor one without an end', async () => {
    const latin = await callCommand(['eval', 'a', '--json', '-'], {
      input: feed(Buffer.from('{"a":"\xe9"}', 'latin1')),
    });
    expect(latin).toMatchObject({ exitCode: 2, errors: expect.stringContaining('--json -: it is not UTF-8 text') });
    const chunk = Buffer.alloc(1024 * 1024, ' ');
    const endless = async function* () {
      for (;;) yield chunk;
    };
    const long = await callCommand(['eval', 'a', '--json', '-'], { input: endless() });
    expect(long).toMatchObject({ exitCode: 2, errors: expect.stringContaining('--json -: it has more than 64 MB') });
  });

  it('takes names from standard input, and does without any', async () => {
    const piped = await callCommand(['eval', 'a * 2', '--json', '-'], { input: feed('{"a"', ': 21}') });
    expect(piped.output).toBe('42\n');
    expect((await callCommand(['eval', '[1, 2]'])).output).toBe('[\n  1,\n  2\n]\n');
  });

  it('repeats random values for a seed', async () => {
    const draw = async (seed: string) =>
      (await callCommand(['eval', 'faker("internet.email")', '--seed', seed])).output;
    expect(await draw('7')).toBe(await draw('7'));
    expect(await draw('7')).not.toBe(await draw('8'));
  });

  it.each([
    [
      'totl + 1',
      2,
      'error[TM109] unknown name `totl`\n  expression:1:1\n    1 | totl + 1\n      | ^^^^\n   = did you mean `total`?\n',
    ],
    [
      'total =',
      2,
      'error[TM109] unexpected `=`: expected an operator or the end of the expression\n  expression:1:7\n    1 | total =\n      |       ^\n   = did you mean `==`?\n',
    ],
    [
      'items[7]',
      1,
      'error[TM109] index `7` is out of range: the array has 1 item\n  expression:1:6\n    1 | items[7]\n      |      ^^^\n',
    ],
    ['{{total}}', 2, expect.stringContaining('error[TM109]')],
  ])('%s is an error at its place', async (expression, exitCode, errors) => {
    const result = await callCommand(['eval', expression, '--json', 'data.json'], { cwd });
    expect(result).toEqual({ exitCode, output: '', errors });
  });

  it.each([
    [['eval'], 'the expression is missing'],
    [['eval', '1', '--jsonl'], '--jsonl takes expressions and names from standard input'],
    [['eval', '1', '--json', 'no.json'], '--json no.json: there is no such file'],
    [['eval', '1', '--json', '.'], '--json .: it is a directory'],
    [['eval', '1', '--json', 'list.json'], '--json list.json: expected an object: names and their values'],
    [['eval', '1', '--json', 'deep.json'], '--json deep.json: the value is nested too deeply'],
    [['eval', '1', '--json', 'broken.json'], '--json broken.json: the text is not JSON'],
  ])('%j is a mistake of the command line', async (words, message) => {
    const { exitCode, output, errors } = await callCommand(words, { cwd });
    expect({ exitCode, output }).toEqual({ exitCode: 2, output: '' });
    expect(errors).toContain(`testmesh: ${message}`);
  });
});

describe('testmesh eval --jsonl', () => {
  it('refuses a line that is not UTF-8, and that line alone', async () => {
    const bytes = (text: string) => Buffer.from(text, 'latin1');
    const refused = { error: { kind: 'input', message: 'a line must be UTF-8 text', offset: 0 } };
    const whole = `{"expr": "'${Buffer.from('é\ufffd').toString('latin1')}'"}\n`;
    const text = `${whole}{"expr": "'\xe9'"}\r\n\xff\xfe{\0}\0\n${whole}{"expr": "'\xc3`;
    const expected = [{ value: 'é\ufffd' }, refused, refused, { value: 'é\ufffd' }, refused];
    expect(await answer(bytes(text))).toEqual(expected);
    expect(await answer(...[...bytes(text)].map((byte) => Uint8Array.of(byte)))).toEqual(expected);
  });

  it('answers each line, in order, whatever the lines are', async () => {
    const lines = [
      '{"expr": "a + 1", "env": {"a": 1}}',
      'nonsense',
      '',
      '[]',
      '{"expr": 7}',
      '{"expr": "1", "env": []}',
      '{"expr": "b"}',
      '{"expr": "1 +"}',
      '{"expr": "[1][5]"}',
      '{"expr": "2", "id": "x"}',
    ];
    const answers = await answer(`${lines.join('\n')}\n`);
    expect(answers).toEqual([
      { value: 2 },
      { error: { kind: 'input', message: expect.stringContaining('the text is not JSON'), offset: 0 } },
      { error: { kind: 'input', message: expect.stringContaining('the text is not JSON'), offset: 0 } },
      { error: { kind: 'input', message: 'a line must be a JSON object with `expr` and `env`', offset: 0 } },
      { error: { kind: 'input', message: '`expr` must be text', offset: 0 } },
      { error: { kind: 'input', message: '`env` must be a JSON object: names and their values', offset: 0 } },
      { error: { kind: 'check', message: 'unknown name `b`', offset: 0, length: 1 } },
      { error: expect.objectContaining({ kind: 'syntax', offset: 3 }) },
      { error: expect.objectContaining({ kind: 'run', offset: 3 }) },
      { value: 2 },
    ]);
  });

  it('keeps every number', async () => {
    const answers = await answer(
      '{"expr": "a", "env": {"a": 9007199254740993}}\n{"expr": "a - 1", "env": {"a": {"$number": "9007199254740993"}}}\n',
      '{"expr": "[1/0, -1/0, 0/0, 0.1]"}\n{"expr": "[a, b, c]", "env": {"a": {"$number": "NaN"}, "b": {"$number": "-Infinity"}, "c": {"$number": "1.50"}}}\n',
      '{"expr": "a", "env": {"a": {"$number": "seven"}}}\n{"expr": "groupBy([1, 2], # > 1)"}\n{"expr": "a", "env": {"a": {"x": {"$number": "12345678901234567890.5"}}}}',
    );
    const special = (digits: string) => ({ $number: digits });
    expect(answers).toEqual([
      { value: special('9007199254740993') },
      { value: 9007199254740992 },
      { value: [special('Infinity'), special('-Infinity'), special('NaN'), 0.1] },
      { value: [special('NaN'), special('-Infinity'), 1.5] },
      {
        error: {
          kind: 'input',
          message: '`$number` must be digits as text, "Infinity", "-Infinity" or "NaN"',
          offset: 0,
        },
      },
      { value: { true: [2], false: [1] } },
      { value: { x: special('12345678901234567890.5') } },
    ]);
  });

  it('reads lines that arrive in pieces, with any line end, and a last one without', async () => {
    const bytes = Buffer.from('{"expr": "len(a)", "env": {"a": "日本😀"}}\r\n{"expr": "1"}');
    const chunks = Array.from(bytes, (byte) => Uint8Array.of(byte));
    expect(await answer(...chunks)).toEqual([{ value: 3 }, { value: 1 }]);
    expect(await answer('')).toEqual([]);
  });

  it('takes placeholders for what they are in the language alone', async () => {
    const [given] = await answer('{"expr": "map([1], {{a: #}})"}');
    expect(given).toEqual({ value: [{ a: 1 }] });
  });

  it('survives values that are nested beyond measure', async () => {
    const deep = `{"expr": "a", "env": {"a": ${'['.repeat(5_000)}${']'.repeat(5_000)}}}`;
    const made = '{"expr": "reduce(1..5000, [#acc], [])"}';
    expect(await answer(`${deep}\n${made}\n{"expr": "1"}\n`)).toEqual([
      { error: expect.objectContaining({ message: 'the value is nested too deeply' }) },
      { error: expect.objectContaining({ message: 'the value is nested too deeply' }) },
      { value: 1 },
    ]);
  });

  it('reads on only when what it wrote has gone', async () => {
    const order: string[] = [];
    const input = (async function* () {
      for (const id of [1, 2]) {
        order.push(`read ${id}`);
        yield Buffer.from(`{"expr": "${id}"}\n`);
      }
    })();
    const output = {
      write: (text: string) => void order.push(`write ${text.trim()}`),
      flush: async () => void order.push('flushed'),
    };
    await answerLines(input, output, { functions: createFunctions(), host: { now: () => 0 } });
    expect(order).toEqual(['read 1', 'write {"value":1}', 'flushed', 'read 2', 'write {"value":2}', 'flushed']);
  });

  inFullRun('gives the reference cases their values', async () => {
    const text = readFileSync(new URL('../expr/expr-cases.jsonl', import.meta.url), 'utf8');
    const cases = text
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    const answers = (await answer(text)) as { value?: unknown; error?: unknown }[];
    expect(answers).toHaveLength(cases.length);
    const isError = answers.map(({ error }) => error !== undefined);
    expect(isError).toEqual(cases.map(({ want, alt }) => (alt ?? want).error === true));
    const differ = cases.filter(({ want, alt }, at) => {
      const wanted = alt ?? want;
      return 'value' in wanted && !areClose(answers[at]?.value, wanted.value);
    });
    expect(differ).toEqual([]);
  });
});

/** As the cases compare: numbers within a hair, keys in any order. */
function areClose(a: unknown, b: unknown): boolean {
  if (typeof a === 'number' && typeof b === 'number') return Math.abs(a - b) <= 1e-12 * Math.abs(b);
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return a === b;
  const [left, right] = [new Map(Object.entries(a)), new Map(Object.entries(b))];
  return left.size === right.size && [...left].every(([key, value]) => areClose(value, right.get(key)));
}
