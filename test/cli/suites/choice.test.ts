import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { callCommand } from '../command.ts';

let cwd = '';
const flow = (name: string, more = '') =>
  `name: ${name}\n${more}steps:\n  - { action: log, config: { message: hi } }\n`;
beforeAll(() => {
  cwd = mkdtempSync(join(tmpdir(), 'testmesh-choice-'));
  mkdirSync(join(cwd, 'orders'));
  writeFileSync(join(cwd, 'orders', 'place.yaml'), flow('Order is placed', 'suite: checkout\ntags: [smoke]\n'));
  writeFileSync(join(cwd, 'orders', 'rows.yaml'), flow('Prices', 'data: [{ n: 1 }, { n: 2 }, { n: 3 }, { n: 4 }]\n'));
  writeFileSync(join(cwd, 'users.yaml'), flow('User (new)', 'suite: accounts\n'));
});
afterAll(() => rmSync(cwd, { recursive: true, force: true }));

const run = (...words: readonly string[]) => callCommand(['run', '.', ...words], { cwd });
const chosen = (output: string) => [...output.matchAll(/^ (Order|Prices|User) ?.*seed/gm)].map(([, name]) => name);

describe('flows are chosen', () => {
  it.each<[words: string, flows: readonly string[]]>([
    ['--grep placed', ['Order']],
    ['-g ^orders/', ['Order', 'Prices', 'Prices', 'Prices', 'Prices']],
    ['--grep (?i)USER', ['User']],
    ['--grep-invert ^orders/', ['User']],
    ['--grep orders --grep-invert rows', ['Order']],
    ['--suite accounts', ['User']],
    ['--grep orders --tags smoke', ['Order']],
    ['--grep Prices --row 2-3', ['Prices', 'Prices']],
    ['--grep Prices --row 1,3-4', ['Prices', 'Prices', 'Prices']],
    ['--grep Prices --row 4 --row 1', ['Prices', 'Prices']],
  ])('%s', async (words, flows) => {
    const { exitCode, output, errors } = await run(...words.split(' '));
    expect({ exitCode, errors }).toEqual({ exitCode: 0, errors: '' });
    expect(chosen(output)).toEqual(flows);
  });

  it.each<[words: string, exitCode: number, message: string]>([
    [
      '--grep user',
      4,
      '--grep: neither the name nor the path of a flow has `USER-`\n  = the flows are `Order is placed`, `Prices` and `User (new)`\n',
    ],
    [
      '--grep ORDER',
      4,
      '--grep: neither the name nor the path of a flow has `ORDER`\n  = it is there in other letters: write `(?i)ORDER`\n',
    ],
    [
      '--grep-invert .',
      4,
      '--grep-invert: the name or the path of each flow has `.`\n  = the flows are `Order is placed`, `Prices` and `User (new)`\n',
    ],
    [
      '--grep a(b',
      2,
      '--grep: the pattern is not valid: missing closing ): `a(b`\n  = at character 2 of `a(b`\n  = a backslash makes a character literal\n',
    ],
    [
      '--grep-invert ab**',
      2,
      '--grep-invert: the pattern is not valid: invalid nested repetition operator: `**`\n  = at character 3 of `ab**`\n  = a backslash makes a character literal\n',
    ],
    [
      '--grep (?=a)',
      2,
      '--grep: the pattern is not valid: invalid or unsupported Perl syntax: `(?=`\n  = at character 1 of `(?=a)`\n  = RE2 has no look-around: combine two conditions with `and`\n',
    ],
    ['--suite chekout', 2, '--suite: no flow is of the suite `chekout`\n  = did you mean `checkout`?\n'],
    ['--suite night', 4, '--suite: no flow is of the suite `night`\n  = their suites are `accounts` and `checkout`\n'],
    ['--row 5-2', 2, '--row: expected the smaller number first: `2-5`, got `5-2`\n  = see testmesh run --help\n'],
    [
      '--row 2-',
      2,
      '--row: expected the number of a row, from 1, or rows: `2-5`, got `2-`\n  = see testmesh run --help\n',
    ],
    ['--grep=', 2, '--grep: expected a pattern, got ``\n  = see testmesh run --help\n'],
  ])('%s chooses nothing, and says why', async (words, exitCode, message) => {
    const ended = await run(...words.replace('user', 'USER-').split(' '));
    expect(ended).toEqual({ exitCode, output: '', errors: `testmesh: ${message}` });
  });

  it('says which rows there are when some of those asked for are not', async () => {
    const { exitCode, errors } = await run('--row', '3-9');
    expect(exitCode).toBe(2);
    expect(errors).toContain('no chosen flow has rows 5 to 9');
    expect(errors).toContain('the rows are 1 to 4');
  });

  it('by variables of the environment too', async () => {
    const env = { TESTMESH_GREP: 'orders', TESTMESH_GREP_INVERT: 'rows', TESTMESH_SUITE: 'checkout' };
    expect(chosen((await callCommand(['run', '.'], { cwd, env })).output)).toEqual(['Order']);
  });
});
