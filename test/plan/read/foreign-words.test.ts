import { describe, expect, it } from 'vitest';
import { planText } from '../../support/plan-text.ts';

function findHelp(text: string) {
  return planText(text).diagnostics.map(({ code, message, help }) => `${code} ${message}: ${help?.join('; ')}`);
}

describe('words of other tools', () => {
  const request = 'action: http_request, config: { url: "http://localhost/" }';

  it.each([
    ['expect', 'assert'],
    ['check', 'assert'],
    ['validate', 'assert'],
    ['extract', 'output'],
    ['capture', 'output'],
    ['register', 'output'],
    ['if', 'when'],
    ['with', 'config'],
  ])('as the key `%s` of a step mean `%s`, and nothing follows from it', (word, meant) => {
    expect(findHelp(`name: x\nsteps:\n  - { ${request}, assert: [status == 200], ${word}: [x] }\n`)).toEqual([
      `TM101 unknown key \`${word}\` in a step: did you mean \`${meant}\`?`,
    ]);
  });

  it('are no guess where they are a setting', () => {
    expect(
      findHelp(
        'name: x\nsteps:\n  - { action: parallel, config: { steps: [{ action: log, config: { message: m } }] }, branches: [] }\n',
      )[0],
    ).toBe('TM101 unknown key `branches` in a step: it is a setting of `parallel`: write it below `config:`');
  });

  it.each([
    ['vars', 'did you mean `env`?'],
    ['variables', 'did you mean `env`?'],
    ['before', 'did you mean `setup`?'],
    ['after', 'did you mean `teardown`?'],
    ['input', 'what a caller gives are variables: use them by name, or declare them under `env:`'],
    ['inputs', 'what a caller gives are variables: use them by name, or declare them under `env:`'],
  ])('as the key `%s` of a flow', (word, help) => {
    expect(findHelp(`name: x\n${word}: {}\nsteps: [{ action: log, config: { message: m } }]\n`)).toEqual([
      `TM101 unknown key \`${word}\` in a flow: ${help}`,
    ]);
  });

  it.each([
    ['wait', 'delay'],
    ['sleep', 'delay'],
    ['sql', 'database_query'],
    ['print', 'log'],
    ['http.get', 'http_request'],
    ['call', 'run_flow'],
  ])('as the action `%s` mean `%s`', (word, meant) => {
    expect(findHelp(`name: x\nsteps: [{ action: ${word}, config: {} }]\n`)).toEqual([
      `TM105 unknown action \`${word}\`: did you mean \`${meant}\`?`,
    ]);
  });

  it('are told as missing when they stand for what a flow needs', () => {
    expect(findHelp('name: x\ntestcases: [{ action: log, config: { message: m } }]\n')).toEqual([
      'TM101 unknown key `testcases` in a flow: did you mean `steps`?',
    ]);
  });
});
