import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { callCommand } from '../command.ts';

const FILES = ['tree', 'json', 'junit', 'ctrf', 'tap', 'markdown', 'minimal', 'github'];
let cwd = '';
let id = '';

beforeAll(async () => {
  cwd = mkdtempSync(join(tmpdir(), 'testmesh-report-'));
  const steps = [
    '  - { action: log, config: { message: hi } }',
    '  - { id: ask, action: http_request, on_error: continue, config: { url: "http://127.0.0.1:1/" } }',
    '  - { id: claim, action: assert, config: { data: { a: 2 }, assertions: ["a == 1"] } }',
  ];
  writeFileSync(join(cwd, 'fails.yaml'), `name: fails\nsteps:\n${steps.join('\n')}\n`);
  const reporters = [...FILES, 'ndjson', 'blob'].map((name) => `--reporter ${name}=run/${name}`).join(' ');
  expect((await call(`run fails.yaml ${reporters}`)).exitCode).toBe(1);
  id = readdirSync(join(cwd, '.testmesh/runs'))[0] ?? '';
});
afterAll(() => rmSync(cwd, { recursive: true, force: true }));

const call = (words: string) => callCommand(words.split(' '), { cwd });

describe('testmesh report', () => {
  it.each(['last', 'ID', '.testmesh/runs/ID', '.testmesh/runs/ID/events.ndjson', 'run/ndjson', 'run/blob'])(
    'gives of %s what the run gave',
    async (record) => {
      const reporters = FILES.map((name) => `--reporter ${name}=again/${name}`).join(' ');
      const { exitCode, errors } = await call(`report ${record.replace('ID', id)} ${reporters}`);
      expect([exitCode, errors]).toEqual([0, '']);
      for (const name of FILES)
        expect([name, readFileSync(join(cwd, 'again', name), 'utf8')]).toEqual([
          name,
          readFileSync(join(cwd, 'run', name), 'utf8'),
        ]);
    },
  );

  it('shows the last run where none is named, on the terminal where no reporter is', async () => {
    const { output } = await call('report');
    expect(output).toBe(readFileSync(join(cwd, 'run/tree'), 'utf8'));
  });

  it('makes a blob of a blob, and of nothing else', async () => {
    expect((await call('report run/blob --reporter blob=again/blob')).exitCode).toBe(0);
    expect(readFileSync(join(cwd, 'again/blob'), 'utf8')).toBe(readFileSync(join(cwd, 'run/blob'), 'utf8'));
    const { exitCode, errors } = await call('report last --reporter blob=again/none');
    expect(exitCode).toBe(2);
    expect(errors).toContain('a record does not say of which run it is a part');
  });

  it.each([
    ['nobody', 'there is no record `nobody`: neither a run in `.testmesh` nor a file'],
    ['fails.yaml', '`fails.yaml` holds no events of a run'],
    ['last --output-dir elsewhere', 'there is no record `last`: neither a run in `elsewhere` nor a file'],
    ['last --reporter nope', 'there is no reporter `nope`'],
  ])('says of `report %s` what is wrong', async (words, said) => {
    const { exitCode, output, errors } = await call(`report ${words}`);
    expect([exitCode, output]).toEqual([2, '']);
    expect(errors).toContain(said);
  });

  it('is whole for a record that broke off', async () => {
    const lines = readFileSync(join(cwd, 'run/ndjson'), 'utf8').split('\n').slice(0, 6);
    writeFileSync(join(cwd, 'broken.ndjson'), lines.join('\n'));
    const { exitCode, output } = await call('report broken.ndjson --reporter minimal');
    expect([exitCode, output]).toEqual([0, expect.stringContaining('the run broke off')]);
  });
});
