import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { describeFileTrouble, findNearestFile } from '../../src/util/file-trouble.ts';

const folder = mkdtempSync(join(tmpdir(), 'near-'));
for (const name of ['login.yaml', 'users.csv', '.env.local', 'schema.json', 'testmesh.yaml', 'a.yaml'])
  writeFileSync(join(folder, name), '');
mkdirSync(join(folder, 'logins'));
afterAll(() => rmSync(folder, { recursive: true }));

it.each([
  ['login.yml', 'login.yaml'],
  ['Login.yaml', 'login.yaml'],
  ['login', 'login.yaml'],
  ['logn.yaml', 'login.yaml'],
  ['user.csv', 'users.csv'],
  ['.env.locl', '.env.local'],
  ['shema.json', 'schema.json'],
  ['schema.yaml', 'schema.json'],
  ['b.yaml', undefined],
  ['orders.yaml', undefined],
  ['none/login.yml', undefined],
])('%s is meant to be %s', (name, nearest) => {
  expect(findNearestFile(join(folder, name))).toBe(nearest);
});

it('offers files of the wanted kind alone', () => {
  const flow = /^(?!testmesh\.ya?ml$).*\.ya?ml$/;
  expect(findNearestFile(join(folder, 'testmesh.yml'), flow)).toBeUndefined();
  expect(findNearestFile(join(folder, 'schema.yaml'), flow)).toBeUndefined();
});

it('says it of what could not be read', () => {
  const read = (name: string): string => {
    try {
      return readFileSync(join(folder, name), 'utf8');
    } catch (error) {
      return describeFileTrouble(error);
    }
  };
  expect(read('login.yml')).toBe('it does not exist; did you mean `login.yaml`?');
  expect(read('orders.yaml')).toBe('it does not exist');
});
