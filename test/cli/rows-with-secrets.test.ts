import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findLeak } from '../support/leaks/find-leaks.ts';
import { callCommand } from './command.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'testmesh-rows-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const SECRET = 'rowPw-88x!kQz';

/** All that a run of a flow with these first lines shows and writes. */
async function show(head: string, given: string, words: readonly string[] = []): Promise<readonly string[]> {
  const steps = `steps:\n  - { id: a, action: assert, config: { data: { q: "{{${given}}}" }, assertions: [ "q == user" ] } }\n`;
  writeFileSync(join(folder, 'f.yaml'), `name: "x {{user}} {{${given}}}"\n${head}\n${steps}`);
  const files = ['ndjson', 'junit', 'json', 'ctrf', 'markdown'].map((name) => `${name}=o.${name}`);
  const reporters = ['tree', ...files].flatMap((one) => ['--reporter', one]);
  const { output, errors } = await callCommand(
    ['run', 'f.yaml', '-vv', ...reporters, '--output-dir', 'out', ...words],
    {
      cwd: folder,
    },
  );
  expect(output).toContain('`q == user` is false');
  const records = readdirSync(join(folder, 'out'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'utf8'));
  rmSync(join(folder, 'out'), { recursive: true });
  const written = files.map((name) => readFileSync(join(folder, name.slice(name.indexOf('=') + 1)), 'utf8'));
  return [output, errors, ...written, ...records];
}

describe('what is called a secret', () => {
  it.each(['password', 'apiToken', 'db_pass', 'secret'])('shows nowhere as the column %s', async (name) => {
    writeFileSync(join(folder, 'rows.csv'), `user,${name}\nann,${SECRET}\n`);
    for (const shown of await show('data: rows.csv', name)) expect(findLeak(shown, SECRET)).toBeUndefined();
  });

  it.each([
    ['a list in the flow', `data: [{ user: ann, api_token: "${SECRET}" }]`, 'api_token'],
    ['a map in a row', `data: [{ user: ann, of: { secrets: [{ token: "${SECRET}" }] } }]`, 'of.secrets[0].token'],
    ['a variable that is made of others', `env: { user: ann, A: rowPw-88x, password: "{{A}}!kQz" }`, 'password'],
  ])('shows nowhere in %s', async (_title, head, given) => {
    for (const shown of await show(head, given)) expect(findLeak(shown, SECRET)).toBeUndefined();
  });

  it('shows nowhere where it is given as a password', async () => {
    for (const shown of await show('env: { user: ann, password: x }', 'password', ['--var', `password=${SECRET}`]))
      expect(findLeak(shown, SECRET)).toBeUndefined();
  });

  it.each(['hunter2', 'customers', '12345678'])('is shown elsewhere when it is %s', async (text) => {
    const [output] = await show(`data: [{ user: ann, db_pass: "${text}" }]`, 'db_pass');
    expect(output).toContain(`x ann ${text}`);
  });
});
