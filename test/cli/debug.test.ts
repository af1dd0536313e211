import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { callCommand } from './command.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'testmesh-debug-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const FLOW = `name: f
env: { price: 2 }
secrets: [token]
steps:
  - { id: first, action: set, config: { total: price * 2, token: '"tok-8831-of-nobody"' } }
  - { id: second, action: assert, config: { data: { sum: "{{total}}" } }, assert: [sum == 4] }
  - { id: third, action: log, config: { message: "{{total}}" } }
teardown:
  - { id: tidy, action: log, config: { message: gone } }
`;

/** What is typed, with an edit of the flow before some of it. */
async function* type(...lines: readonly (string | (() => void))[]): AsyncGenerator<Uint8Array> {
  for (const line of lines) {
    if (typeof line === 'string') yield Buffer.from(`${line}\n`);
    else line();
  }
}

function write(text = FLOW): void {
  writeFileSync(join(folder, 'f.yaml'), text);
}

/** Everything that is shown, in its order. */
async function debug(words: readonly string[], ...lines: readonly (string | (() => void))[]) {
  let text = '';
  const add = (part: string): void => {
    text += part;
  };
  const input = type(...lines);
  const command = ['run', 'f.yaml', '--color', 'never', '--reporter', 'tree', ...words];
  const { exitCode } = await callCommand(command, { cwd: folder, input, write: add, writeError: add });
  const shown = text
    .replaceAll(/\d+ ms/g, 'N ms')
    .replaceAll(/seed \d+/g, 'seed N')
    .replaceAll(/ {2,}N ms/g, '  N ms')
    .replaceAll(/^ *trace: .*\n/gm, '');
  return { exitCode, text: shown, prompts: shown.match(/^ → \S+/gm)?.map((line) => line.slice(3)) ?? [] };
}

describe('--debug', () => {
  it('stops before each step, shows what is known and never a secret, and goes on', async () => {
    write();
    const { exitCode, text } = await debug(['--debug'], 'p price + 1', 'n', 'v', 'p [token, total]', 'l', 'x', 'c');
    expect(exitCode).toBe(0);
    expect(text).toBe(` f   f.yaml   seed N

n next, c continue, r run the last step again as it is written now, p <expr> evaluate, v variables, s name=value set, l list, q quit
 → first   f.yaml:5   set
(debug) p price + 1
3
(debug) n
 steps
   ✓ first                 set  N ms   2 variables
 → second   f.yaml:6   assert
(debug) v
   first = { "total": 4, "token": "***" }
   price = 2
   token = "***"
   total = 4
(debug) p [token, total]
[
  "***",
  4
]
(debug) l
   · first   f.yaml:5   set
   → second   f.yaml:6   assert
     third   f.yaml:7   log
(debug) x
\`x\` is no command: n next, c continue, r run the last step again as it is written now, p <expr> evaluate, v variables, s name=value set, l list, q quit
(debug) c
   ✓ second                assert  N ms
     log   4
   ✓ third                 log  N ms
 teardown
     log   gone
   ✓ tidy                  log  N ms

 ✓ passed in N ms   4 passed
`);
  });

  it('runs a step that failed again, as it is written by now', async () => {
    write(FLOW.replace('sum == 4', 'sum == 5'));
    const { exitCode, text } = await debug(['--debug'], 'c', () => write(), 'r', 'c');
    expect([exitCode, text]).toEqual([
      0,
      expect.stringContaining(' ✗ second   f.yaml:6   assert failed: r runs it again'),
    ]);
    expect(text).toMatch(/✗ second[\s\S]*\(debug\) r\n {3}✓ second[\s\S]*✓ passed in N ms {3}4 passed/);
  });

  it('sets variables for the steps that come', async () => {
    write();
    const { exitCode, text } = await debug(['--break', 'second'], 's total=7', 'n', 'q');
    expect([exitCode, text]).toEqual([130, expect.stringContaining('sum   int 7')]);
    expect(text).toContain('(debug) s total=…');
  });

  it.each<[string, readonly string[], readonly string[], number, readonly string[]]>([
    [
      'each step is stopped at, teardown too',
      ['--debug'],
      ['n', 'n', 'n', 'n'],
      0,
      ['first', 'second', 'third', 'teardown/tidy'],
    ],
    ['a break alone', ['--debug', '--break', 'third'], ['c'], 0, ['third']],
    [
      'two breaks, by address too',
      ['--break', 'second', '--break', 'teardown/tidy'],
      ['c', 'c'],
      0,
      ['second', 'teardown/tidy'],
    ],
    ['what comes after a break', ['--break', 'second'], ['n', 'c'], 0, ['second', 'third']],
    ['the end of what is typed ends it', ['--debug'], ['n'], 130, ['first', 'second']],
    ['no break is met', ['--break', 'other'], [], 0, []],
    ['the step before once more', ['--debug'], ['n', 'r', 'c'], 0, ['first', 'second', 'second']],
    ['nothing ran yet', ['--debug'], ['r', 'c'], 0, ['first']],
  ])('%s', async (_title, words, lines, exitCode, prompts) => {
    write();
    const ended = await debug(words, ...lines);
    expect([ended.exitCode, ended.prompts], ended.text).toEqual([exitCode, prompts]);
  });

  it('ends with its teardown, and steps that were not reached', async () => {
    write();
    const { exitCode, text } = await debug(['--debug'], 'n', 'q');
    expect(exitCode).toBe(130);
    expect(text).toMatch(/✓ first[\s\S]*\(debug\) q\n[\s\S]*· second +not reached[\s\S]*✓ tidy/);
  });

  it('stays where it is when the edited file is broken, or the step gone', async () => {
    write();
    const broken = await debug(
      ['--debug'],
      'n',
      () => write(FLOW.replace('price * 2', 'price *')),
      'r',
      () => write(),
      'c',
    );
    expect(broken.text).toMatch(/\(debug\) r\nerror\[TM\d+\][\s\S]*\(debug\) c/);
    write();
    const gone = await debug(['--debug'], 'n', 'n', () => write(FLOW.replace('id: second', 'id: other')), 'r', 'c');
    expect(gone.text).toContain('`second` is not in f.yaml any more');
  });

  it('keeps what was typed, but for what sets variables', async () => {
    write();
    await debug(['--debug'], 's token=tok-8832-typed', 'p 1 + 1', 'c');
    expect(
      readFileSync(join(folder, '.testmesh', 'debug-history'), 'utf8')
        .split('\n')
        .slice(0, 2),
    ).toEqual(['c', 'p 1 + 1']);
    expect(readFileSync(join(folder, '.testmesh', 'debug-history'), 'utf8')).not.toContain('tok-8832');
  });

  it.each([
    [['-j', '4'], '`--debug` goes through the steps one by one, and not together with `-j 4`'],
    [
      ['--watch', '--dry-run'],
      '`--debug` goes through the steps one by one, and not together with `--watch` and `--dry-run`',
    ],
  ])('is refused with %s', async (words, message) => {
    write();
    const { exitCode, text } = await debug(['--debug', ...words]);
    expect([exitCode, text]).toEqual([2, expect.stringContaining(message)]);
  });
});
