import { describe, expect, it } from 'vitest';
import { describeOptionMistake } from '../../../src/cli/arguments/option-mistake.ts';

describe('a mistake on the command line', () => {
  it.each([
    [
      "error: option '--color <when>' argument 'blue' is invalid. Allowed choices are auto, always, never.",
      ['--color: expected one of `auto`, `always` and `never`, got `blue`'],
    ],
    [
      "error: option '--seed <n>' argument '-1' is invalid. expected a whole number",
      ['--seed: expected a whole number, got `-1`'],
    ],
    [
      "error: option '--seed <n>' value 'x' from env 'TESTMESH_SEED' is invalid. expected a whole number",
      ['TESTMESH_SEED: expected a whole number, got `x`'],
    ],
    [
      "error: option '-j, --workers <n>' argument missing",
      ['--workers: its value is missing', 'write `--workers <n>`'],
    ],
    ["error: unknown option '--onyl'\n(Did you mean --only?)", ['unknown flag `--onyl`', 'did you mean `--only`?']],
    ["error: unknown option '--xyz'", ['unknown flag `--xyz`']],
    [
      "error: unknown command 'x'\n(Did you mean one of run, list?)",
      ['unknown command `x`', 'did you mean `run`, `list`?'],
    ],
    ['error: something new', ['something new']],
  ])('%j', (text, [message, ...help]) => {
    const lines = [`testmesh: ${message}`, ...help.map((line) => `  = ${line}`), '  = see testmesh run --help', ''];
    expect(describeOptionMistake(text, 'testmesh run')).toBe(lines.join('\n'));
  });
});
