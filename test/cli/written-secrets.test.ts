import { expect, it } from 'vitest';
import { findWrittenSecrets } from '../../src/cli/findings/written-secrets.ts';
import { createSourceFile } from '../../src/model/source-file.ts';

it.each([
  ['a list on its line', 'secrets: [PW]\nenv: { PW: "one-pw" }\nname: two-name', ['one-pw']],
  ['one below `flow:`', 'flow:\n  secrets: [PW]\n  env:\n    PW: one-pw\n  name: two-name\n  id: three', ['one-pw']],
  ['one of several lines', 'secrets: [\n  PW,\n]\nPW: one-pw\nname: two-name', ['one-pw']],
  ['items', 'secrets:\n  - PW\n  # the other\n  - "OTHER"\nPW: one-pw\nOTHER: two-pw\nname: x', ['one-pw', 'two-pw']],
  ['items as far left as their key', 'flow:\n  secrets:\n  - PW\n  name: x\n  PW: one-pw', ['one-pw']],
  ['a word in the place of a list', 'secrets: PW\nname: two-name\nPW: one-pw', ['one-pw']],
  ['a remark behind it', 'secrets: # of name\n  - PW\nname: two-name\nPW: one-pw', ['one-pw']],
  ['an empty list', 'secrets: []\nname: two-name', []],
])('%s names the values that are secrets', (_, text, expected) => {
  const places = text.split('\n').keys();
  const about = { names: new Set<string>(), places: [...places], isBroken: false };
  expect([...findWrittenSecrets(createSourceFile('f.yaml', '/f.yaml', text), about)]).toEqual(expected);
});

it.each([
  [
    'the rest of a map in braces',
    '- { a: { Authorization: Bearer s3cr3t-1 } }, assert: [status == 201] }',
    ['s3cr3t-1'],
  ],
  ['a quoted value', 'h: { Authorization: "Bearer s3cr3t, x", X-B: "#{TOKEN}" }', ['s3cr3t']],
  ['the name of a variable', 'h: { Authorization: "Bearer $TOKEN" }', []],
  ['one in braces', 'h: { Authorization: Bearer #{TOKEN} } }, assert: [status == 201]', []],
  ['a placeholder', '- { headers: { Authorization: Bearer {{TOKEN}} } }, assert: [status == 201] }', []],
  ['what a value outside of braces may hold', 'password: s3cr3t, more: word', ['s3cr3t', 'word']],
  ['a quote that is not closed', 'h: { password: "s3cr3t, more: word }', ['s3cr3t', 'word']],
])('of a broken file %s is told apart from the secret', (_, text, expected) => {
  const about = { names: new Set<string>(), places: [0], isBroken: true };
  const found = [...findWrittenSecrets(createSourceFile('f.yaml', '/f.yaml', text), about)].join('\n');
  for (const secret of expected) expect(found).toContain(secret);
  for (const plain of ['status', '201', 'Bearer ', 'TOKEN', 'assert'])
    if (expected.length === 0 || plain !== 'Bearer ') expect(found).not.toContain(plain);
});
