import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findFlowFiles } from '../../../src/cli/arguments/find-files.ts';
import { createFileLoader } from '../../../src/source/yaml/load-source-file.ts';

const cwd = mkdtempSync(join(tmpdir(), 'testmesh-files-'));
const FILES = ['a.yaml', 'testmesh.yaml', 'shop/testmesh.yaml', 'shop/flows/b.yaml', 'other/c.yaml'];

beforeAll(() => {
  for (const name of FILES) {
    mkdirSync(dirname(join(cwd, name)), { recursive: true });
    writeFileSync(join(cwd, name), '');
  }
});
afterAll(() => rmSync(cwd, { recursive: true, force: true }));

const find = async (path: string, from = cwd): Promise<readonly string[]> =>
  (await findFlowFiles([path], { cwd: from, secret: [], load: createFileLoader(from) })).map((file) =>
    relative(cwd, file),
  );

describe('the flow files of a folder', () => {
  it('are not those of projects below it, which have a testmesh.yaml of their own', async () => {
    expect(await find('.')).toEqual(['a.yaml', 'other/c.yaml']);
    expect(await find('**/*.yaml')).toEqual(['a.yaml', 'other/c.yaml']);
    expect(await find('.', join(cwd, 'shop'))).toEqual(['shop/flows/b.yaml']);
    expect(await find('shop/flows/b.yaml')).toEqual(['shop/flows/b.yaml']);
  });

  it('are looked for in the project where only that has any', async () => {
    await expect(find('shop/flows/*.yaml')).rejects.toMatchObject({
      message: 'what is found is of projects with a testmesh.yaml of their own',
      help: ['run it there: cd shop'],
      exitCode: 4,
    });
  });

  it('are not API documents and the files of stubs, unless they are named', async () => {
    const folder = join(cwd, 'other');
    writeFileSync(join(folder, 'users.openapi.yaml'), 'openapi: 3.1.0\npaths: {}\n');
    writeFileSync(join(folder, 'old.yml'), '"swagger": "2.0"\n');
    writeFileSync(join(folder, 'stub.yaml'), '# a stub\nroutes: []\n');
    writeFileSync(join(folder, 'odd.yaml'), 'routes: []\nsteps: []\n');
    expect(await find('.', folder)).toEqual(['other/c.yaml', 'other/odd.yaml']);
    expect(await find('*.yaml', folder)).toEqual(['other/c.yaml', 'other/odd.yaml']);
    expect(await find('stub.yaml', folder)).toEqual(['other/stub.yaml']);
    await expect(find('*.yml', folder)).rejects.toMatchObject({ message: '`*.yml` matches no file', exitCode: 4 });
  });
});

describe('a path that leads nowhere', () => {
  it.each([
    ['a.yml', 'did you mean `a.yaml`?'],
    ['A.yaml', 'did you mean `a.yaml`?'],
    ['shop/flow', 'did you mean `shop/flows`?'],
    ['a.yaml:3', 'write `a.yaml`; a step is chosen with `--only STEP_ID`'],
    ['https://x.test/a.yaml', 'a flow is a file: fetch it first'],
    ['nowhere/at/all.yaml', `it is looked for at ${join(cwd, 'nowhere/at/all.yaml')}`],
  ])('%s is told with what is near', async (path, help) => {
    await expect(find(path)).rejects.toMatchObject({
      message: `there is no file or directory \`${path}\``,
      help: [help],
    });
  });
});
