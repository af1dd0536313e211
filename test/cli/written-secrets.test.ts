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
