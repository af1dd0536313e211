import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { createAsker } from '../../src/cli/authoring/ask.ts';
import { initProject } from '../../src/cli/authoring/init-command.ts';
import { writeSchema } from '../../src/cli/commands/schema-command.ts';
import { writeFiles } from '../support/write-files.ts';
import { callCommand, feed } from './command.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'testmesh-init-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const call = (...words: string[]) => callCommand(words, { cwd: folder });
const read = (name: string): string => readFileSync(join(folder, name), 'utf8');

describe('testmesh init', () => {
  it('makes a project that passes at once, without a finding', async () => {
    const made = await call('init');
    expect([made.exitCode, made.errors]).toEqual([0, '']);
    expect(made.output).toBe(
      [
        ...[
          'testmesh.yaml',
          'stubs/shop.yaml',
          'flows/order-is-taken.yaml',
          '.github/workflows/flows.yaml',
          '.gitignore',
        ].map((path) => `✓ ${path}`),
        ...['✓ flow.schema.json', '✓ project.schema.json'],
        'next: testmesh run, and with your own service: testmesh run -e local',
        '',
      ].join('\n'),
    );
    const ran = await call('run', '--quiet');
    expect([ran.exitCode, ran.errors]).toEqual([0, '']);
    expect(await call('validate', '--strict')).toEqual({
      exitCode: 0,
      errors: '',
      output: '✓ 1 flow in 1 file: 0 errors, 0 warnings\n',
    });
    expect((await call('fmt', '--check', 'flows', 'stubs/shop.yaml', 'testmesh.yaml')).exitCode).toBe(0);
    expect(read('.gitignore')).toContain('.testmesh/\n');
  });

  it('writes what editors and CI take', async () => {
    await call('init', '--name', 'orders', '--url', 'http://localhost:5003');
    expect(read('flows/order-is-taken.yaml')).toMatch(/^# yaml-language-server: \$schema=\.\.\/flow\.schema\.json\n/);
    expect(read('testmesh.yaml')).toMatch(/^# yaml-language-server: \$schema=project\.schema\.json\n/);
    for (const kind of ['flow', 'project'] as const)
      expect(JSON.parse(read(`${kind}.schema.json`))).toEqual(writeSchema(kind));
    const fits = (kind: 'flow' | 'project', path: string) =>
      new Ajv({ strict: false }).compile(writeSchema(kind))(parse(read(path)));
    expect([fits('flow', 'flows/order-is-taken.yaml'), fits('project', 'testmesh.yaml')]).toEqual([true, true]);
    expect(parse(read('testmesh.yaml')).environments.local.env).toEqual({ ORDERS_URL: 'http://localhost:5003' });
    const workflow = parse(read('.github/workflows/flows.yaml'));
    expect(workflow.jobs.flows.steps.map(({ run = '' }) => run).join('\n')).toContain('npx testmesh run ');
    expect((await call('run', '-q')).exitCode).toBe(0);
  });

  it('overwrites nothing', async () => {
    writeFiles(folder, { '.gitignore': 'mine\n', 'flows/order-is-taken.yaml': 'name: mine\n' });
    const { exitCode, output } = await call('init', '--yes');
    expect(exitCode).toBe(0);
    expect(output).toContain('· flows/order-is-taken.yaml is there already, and stays as it is\n');
    expect(output).toContain('  add `.testmesh/` to .gitignore: records of runs\n');
    expect([read('.gitignore'), read('flows/order-is-taken.yaml')]).toEqual(['mine\n', 'name: mine\n']);
    const again = await call('init');
    expect([again.exitCode, again.errors]).toEqual([
      2,
      'testmesh: there is a project already: `testmesh.yaml`\n  = nothing was written; for another project name another folder: testmesh init FOLDER\n',
    ]);
  });

  it('makes the folder that it is given', async () => {
    expect((await call('init', 'new one')).output).toContain("next: cd 'new one' && testmesh run,");
    expect((await callCommand(['run', '-q'], { cwd: join(folder, 'new one') })).exitCode).toBe(0);
  });

  it.each([
    [['--name', 'Shop'], '`Shop` cannot be the name of a service'],
    [['--name', 'a-b'], '`a-b` cannot be the name of a service'],
    [['--url', 'localhost:3000'], '`localhost:3000` is not an address'],
    [['--url', 'http://ada:pw12345678@host/'], '`http://***@host/` says who one is, and testmesh.yaml is committed'],
  ])('%j is a mistake, and nothing is written', async (words, message) => {
    const { exitCode, errors } = await call('init', ...words);
    expect([exitCode, errors.split('\n')[0]]).toEqual([2, `testmesh: ${message}`]);
    expect(() => read('testmesh.yaml')).toThrow();
  });

  it('ends where no folder can be made', async () => {
    const { exitCode, errors } = await call('init', '/proc/x', '--yes');
    expect(exitCode).toBe(3);
    expect(errors).toMatch(/^testmesh: `\/proc\/x\/testmesh\.yaml` cannot be written: /);
  });

  it('judges a name before it asks for more', async () => {
    let asked = '';
    const writeError = (text: string): void => {
      asked += text;
    };
    const terminal = { cwd: folder, env: {}, isTty: true, columns: 80, input: feed('My Shop\n'), write: () => {} };
    const made = initProject('.', { yes: false }, { ...terminal, writeError, flush: async () => {} });
    await expect(made).rejects.toThrow('`My Shop` cannot be the name of a service');
    expect(asked).toBe('What is the service called that is tested? [shop] ');
  });

  it('asks two questions on a terminal', async () => {
    let asked = '';
    const terminal = {
      ...{
        cwd: folder,
        env: {},
        isTty: true,
        columns: 80,
        input: feed('billing\nhttp://loc', 'alhost:9000\n'),
        write: () => {},
      },
      writeError: (text: string) => {
        asked += text;
      },
      flush: async () => {},
    };
    expect(await initProject('.', { yes: false }, terminal)).toBe(0);
    expect(asked).toBe(
      'What is the service called that is tested? [shop] Where is it reached on this machine? [http://localhost:3000] ',
    );
    expect(parse(read('testmesh.yaml')).environments.local.env).toEqual({ BILLING_URL: 'http://localhost:9000' });
    expect(await createAsker({ ...terminal, input: feed('no end of line') }).ask('?')).toBeUndefined();
  });
});
