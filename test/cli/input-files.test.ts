import { linkSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { reporterNames } from '../../src/reporters/registry.ts';
import { callCommand } from './command.ts';

const FILES: Readonly<Record<string, string>> = {
  'own.yaml': `name: own
env_file: own.env
data: d.csv
steps:
  - { action: run_flow, config: { flow: called.yaml } }
  - { action: log, config: { message: "{{sku}} {{A}}" } }
`,
  'called.yaml': 'name: called\nsteps: [ { action: log, config: { message: m } } ]\n',
  'd.csv': 'sku\na\n',
  'own.env': 'A=1\n',
  'given.env': 'B=1\n',
  'vars.json': '{"C": 1}',
  'testmesh.yaml': 'services: {}\n',
};
const GIVEN = ['--env-file', 'given.env', '--var-file', 'vars.json'];

let cwd = '';
beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), 'testmesh-inputs-'));
  for (const [name, text] of Object.entries(FILES)) writeFileSync(join(cwd, name), text);
  symlinkSync('own.yaml', join(cwd, 'soft'));
  linkSync(join(cwd, 'd.csv'), join(cwd, 'hard'));
});
afterEach(() => rmSync(cwd, { recursive: true, force: true }));

const expectWhole = (): void => {
  for (const [name, text] of Object.entries(FILES)) expect(readFileSync(join(cwd, name), 'utf8'), name).toBe(text);
};

describe('a file that a run reads', () => {
  const places = [...Object.keys(FILES), './own.yaml', 'soft', 'hard'];
  it.each([...places.map((place) => `junit=${place}`), ...reporterNames.map((name) => `${name}=own.yaml`)])(
    'is not overwritten by --reporter %s',
    async (reporter) => {
      const { exitCode, errors } = await callCommand(['run', 'own.yaml', ...GIVEN, '--reporter', reporter], { cwd });
      const place = reporter.replace(/^.*?=/, '');
      expect(errors).toContain(`--reporter ${reporter}: \`${place}\` is a file of this run, and would be overwritten`);
      expect(exitCode).toBe(2);
      expectWhole();
    },
  );

  it.each([['--bogus'], ['--workers', 'x'], ['none.yaml']])('nor by why it did not start: %s', async (...words) => {
    for (const place of ['own.yaml', 'soft', 'given.env']) {
      const ended = await callCommand(['run', 'own.yaml', ...GIVEN, '--reporter', `junit=${place}`, ...words], { cwd });
      expect(ended.exitCode).toBe(2);
    }
    expectWhole();
  });

  it.each([['--summary-export', 'own.yaml'], ['--summary-export=soft'], ['--out', 'csv=d.csv'], ['-o', 'json=hard']])(
    'nor by a load: %s %s',
    async (...words) => {
      const ended = await callCommand(['load', 'own.yaml', '--vus', '1', '--iterations', '1', ...words], { cwd });
      expect(ended.errors).toContain('is a file of this run, and would be overwritten');
      expect(ended.exitCode).toBe(2);
      expectWhole();
    },
  );

  it('may lie beside a report that is written again', async () => {
    for (let times = 0; times < 2; times++) {
      const { exitCode } = await callCommand(['run', 'own.yaml', '--reporter', 'junit=own.xml'], { cwd });
      expect(exitCode).toBe(0);
    }
  });
});
