import { chmodSync, lstatSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { writeFiles } from '../support/write-files.ts';
import { callCommand } from './command.ts';

const ODD = 'name:   x\nsteps:\n- {action: log,   config: {message: hi}} # say\n';
const EVEN = 'name: x\nsteps:\n  - { action: log, config: { message: hi } } # say\n';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'testmesh-fmt-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const call = (...words: string[]) => callCommand(['fmt', ...words], { cwd: folder });
const read = (name: string): string => readFileSync(join(folder, name), 'utf8');

it('lays out what is laid out otherwise, and names it', async () => {
  writeFiles(folder, { 'flows/a.yaml': ODD, 'flows/b.yaml': EVEN });
  chmodSync(join(folder, 'flows/a.yaml'), 0o640);
  const { exitCode, output, errors } = await call();
  expect([exitCode, errors]).toEqual([0, '']);
  expect(output).toBe('flows/a.yaml\n✓ 2 files: 1 laid out anew\n');
  expect(read('flows/a.yaml')).toBe(EVEN);
  expect(statSync(join(folder, 'flows/a.yaml')).mode & 0o777).toBe(0o640);
  expect(readdirSync(join(folder, 'flows'))).toEqual(['a.yaml', 'b.yaml']);
  expect(await call('flows')).toEqual({ exitCode: 0, errors: '', output: '✓ 2 files: laid out as they are to be\n' });
});

it('says how a file is named where there are none', async () => {
  expect((await call()).errors).toContain('  = name a file: testmesh fmt flow.yaml\n');
});

it('changes nothing with --check, and says so with exit code 1', async () => {
  writeFiles(folder, { 'a.yaml': ODD, 'b.yaml': EVEN });
  const { exitCode, output } = await call('--check', 'a.yaml', 'b.yaml');
  expect([exitCode, output]).toEqual([1, 'a.yaml\n✗ 2 files: 1 to be laid out anew, by `testmesh fmt`\n']);
  expect(read('a.yaml')).toBe(ODD);
  expect((await call('--check', 'b.yaml')).exitCode).toBe(0);
});

it('leaves what is broken as it is, with its finding, and goes on with the others', async () => {
  writeFiles(folder, { 'a.yaml': 'name: [x\nsteps: 1\n', 'b.yaml': ODD });
  const { exitCode, output, errors } = await call('a.yaml', 'b.yaml');
  expect(exitCode).toBe(2);
  expect(errors).toMatch(/error\[TM\d+\]/);
  expect(errors).toContain('a.yaml:1');
  expect(output).toBe('b.yaml\n✗ 2 files: 1 laid out anew\n');
  expect([read('a.yaml'), read('b.yaml')]).toEqual(['name: [x\nsteps: 1\n', EVEN]);
});

it('leaves as it is what shows in the layout alone', async () => {
  const text = 'name: x\nsteps: [{ action: log, config: { message: x } }]\ndescription:\n  one\n    - two: 3\n';
  writeFiles(folder, { 'a.yaml': `${text}   \n` });
  const { exitCode, output, errors } = await call('a.yaml');
  expect(exitCode, output + errors).toBeLessThanOrEqual(2);
  expect(read('a.yaml').trimEnd()).toBe(text.trimEnd());
});

it('writes the file that a link leads to', async () => {
  writeFiles(folder, { 'a.yaml': ODD });
  symlinkSync('a.yaml', join(folder, 'b.yaml'));
  expect((await call('b.yaml')).exitCode).toBe(0);
  expect([read('a.yaml'), lstatSync(join(folder, 'b.yaml')).isSymbolicLink()]).toEqual([EVEN, true]);
});

it('says when a file cannot be written', async () => {
  // A draft of this very process is in the way.
  writeFiles(folder, { 'a.yaml': ODD, [`a.yaml.${process.pid}.part`]: '' });
  const { exitCode, errors } = await call('a.yaml');
  expect(exitCode).toBe(3);
  expect(errors).toMatch(/^testmesh: `.*a\.yaml` cannot be written: /);
  expect(read('a.yaml')).toBe(ODD);
});

it('lays out the files that testmesh.yaml names, those of before_all too', async () => {
  writeFiles(folder, {
    'testmesh.yaml': 'flows: ["tests/*.yaml"]\nbefore_all: tests/a.yaml\n',
    'tests/a.yaml': ODD,
    'flows/b.yaml': ODD,
  });
  expect((await call()).output).toBe('tests/a.yaml\n✓ 1 file: 1 laid out anew\n');
});

it('says when there is nothing', async () => {
  expect((await call()).exitCode).toBe(4);
  expect((await call('none.yaml')).exitCode).toBe(2);
});
