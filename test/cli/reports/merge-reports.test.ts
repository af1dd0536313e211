import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { reporterNames } from '../../../src/reporters/registry.ts';
import { compileResultSchema } from '../../support/event-schema.ts';
import { sample } from '../../support/sample.ts';
import { callCommand } from '../command.ts';

const SHARDS = [1, 2, 3, 4];
const validate = compileResultSchema();
let cwd = '';

beforeAll(async () => {
  cwd = mkdtempSync(join(tmpdir(), 'testmesh-merge-'));
  mkdirSync(join(cwd, 'flows'));
  const write = (name: string, text: string) =>
    writeFileSync(join(cwd, 'flows', `${name}.yaml`), `name: ${name}\n${text}`);
  const say = '  - { action: log, config: { message: hi } }\n';
  const claim = (text: string) =>
    `  - { id: claim, action: assert, config: { data: { a: 2 }, assertions: ["${text}"] } }\n`;
  const refused = '  - { id: ask, action: http_request, config: { url: "http://127.0.0.1:1/" } }\n';
  for (const name of ['a', 'b', 'c']) write(name, `steps:\n${say}${claim('a == 2')}`);
  write('d', `steps:\n${claim('a == 1')}${say}`);
  write('e', `steps:\n${refused}${say}`);
  write('f', `data: [{ n: 1 }, { n: 2 }, { n: 3 }]\nsteps:\n${claim('n != 2')}`);
  write('g', `skip: waits for a ticket\nsteps:\n${say}`);
  for (const shard of SHARDS) await runShard(shard, `blobs/${shard}.blob`);
});
afterAll(() => rmSync(cwd, { recursive: true, force: true }));

const call = (words: string) => callCommand(words.split(' '), { cwd });
const runShard = (shard: number, file: string, more = '') =>
  call(`run flows --seed 1 --shard ${shard}/4 --reporter blob=${file} --retries 1${more}`);
const merge = (words: string) => call(`merge-reports ${words}`);
const all = SHARDS.map((shard) => `blobs/${shard}.blob`).join(' ');

/** A copy of a blob with other lines. */
function change(shard: number, file: string, edit: (lines: string[]) => string[]): string {
  const lines = readFileSync(join(cwd, `blobs/${shard}.blob`), 'utf8')
    .trimEnd()
    .split('\n');
  writeFileSync(join(cwd, file), `${edit(lines).join('\n')}\n`);
  return file;
}

function changeHead(shard: number, file: string, values: object): string {
  return change(shard, file, ([head = '', ...rest]) => [JSON.stringify({ ...JSON.parse(head), ...values }), ...rest]);
}

interface Result {
  readonly outcome: string;
  readonly counts: object;
  readonly flows: readonly {
    about: { file: string; row?: number };
    outcome: string;
    counts: object;
    failures: object;
  }[];
}

function readResult(text: string): Result {
  const result = JSON.parse(text);
  expect(validate(result), JSON.stringify(validate.errors)).toBe(true);
  return result;
}

describe('a blob that is read', () => {
  it.each([
    ['merge-reports', `merge-reports ${all} --reporter blob=blobs/1.blob`],
    ['merge-reports of a folder', 'merge-reports blobs --reporter junit=blobs/1.blob'],
    ['report', 'report blobs/1.blob --reporter ndjson=./blobs/1.blob'],
  ])('is not overwritten by %s', async (_, words) => {
    const before = readFileSync(join(cwd, 'blobs/1.blob'), 'utf8');
    const { exitCode, errors } = await call(words);
    expect([exitCode, errors]).toEqual([2, expect.stringContaining('is a file of this run, and would be overwritten')]);
    expect(readFileSync(join(cwd, 'blobs/1.blob'), 'utf8')).toBe(before);
  });
});

describe('merge-reports', () => {
  it('gives of four shards what the whole run gives, its exit code too', async () => {
    const whole = await call('run flows --seed 1 --retries 1 --reporter json');
    const merged = await merge(`blobs --reporter json`);
    expect([merged.exitCode, merged.errors]).toEqual([1, '']);
    expect(whole.exitCode).toBe(1);
    const facts = ({ outcome, counts, flows }: Result) => ({
      ...{ outcome, counts },
      flows: flows.map(({ about, outcome, counts, failures }) => [about.file, about.row, outcome, counts, failures]),
    });
    expect(facts(readResult(merged.output))).toEqual(facts(readResult(whole.output)));
    expect(readResult(merged.output).counts).toMatchObject({ flows: { passed: 5, failed: 2, errored: 1, skipped: 1 } });
  });

  it.each(sample('reporters of merged reports', reporterNames, { count: 4 }))('reports through %s', async (name) => {
    const { exitCode, output } = await merge(`${all} --reporter ${name}=out/${name}`);
    expect(exitCode).toBe(1);
    expect(output).toContain('9 flows: 5 passed, 2 failed, 1 errored, 1 skipped');
    expect(readFileSync(join(cwd, 'out', name), 'utf8')).toContain(
      name === 'github' ? '::error file=flows/d.yaml,line=3' : 'flows/d.yaml',
    );
  });

  it('names a shard that is missing, with its flows', async () => {
    const { exitCode, output } = await merge('blobs/1.blob blobs/4.blob --reporter minimal');
    expect(exitCode).toBe(1);
    expect(output).toContain(
      'error: shard 2/4 is missing\nerror: shard 3/4 is missing\nerror: 4 flows ran in no shard: ',
    );
    expect(output).toMatch(/^errored the run itself$/m);
    const passing = await merge('blobs/1.blob --reporter minimal');
    expect(passing.exitCode).toBe(3);
    const allowed = await merge('blobs/1.blob --allow-missing --reporter minimal');
    expect(allowed.exitCode).toBe(0);
    expect(allowed.output).toContain('warning: shard 2/4 is missing');
  });

  it.each([
    [
      'a doubled shard',
      () => [all, copyOf(2, 'again.blob')],
      'shard 2/4 is there 2 times: `blobs/2.blob` and `again.blob`',
    ],
    [
      'a foreign shard',
      () => [all.replace('blobs/3.blob', changeHead(3, 'other.blob', { hash: 'x' }))],
      'shard 3/4 in `other.blob` is of another run, with other flows, than `blobs/1.blob`',
    ],
    [
      'a shard of another cut',
      () => [all.replace('blobs/3.blob', changeHead(3, 'cut.blob', { shard: { index: 3, count: 5 } }))],
      'shard 3/5 in `cut.blob` is of another run, that is cut into 5, not 4, than',
    ],
    [
      'another version',
      () => [all.replace('blobs/3.blob', changeHead(3, 'new.blob', { testmesh: '9.9.9' }))],
      'the blobs are of different versions of testmesh: `0.0.0` (`blobs/1.blob`, `blobs/2.blob` and `blobs/4.blob`), `9.9.9` (`new.blob`)',
    ],
    [
      'another folder',
      () => [all.replace('blobs/3.blob', changeHead(3, 'root.blob', { root: 'elsewhere' }))],
      'the blobs are of different folders: ',
    ],
    [
      'another commit',
      () => [changeHead(1, 'c1.blob', { commit: 'abc' }), changeHead(2, 'c2.blob', { commit: 'def' })],
      'the blobs are of different commits: `abc` (`c1.blob`), `def` (`c2.blob`)',
    ],
    ['what is no blob', () => ['flows/a.yaml'], '`flows/a.yaml` is no blob that this testmesh reads'],
    ['what is not there', () => ['blobs/9.blob'], '`blobs/9.blob` cannot be read: it does not exist'],
    [
      'events of another version',
      () => [change(1, 'old.blob', (lines) => lines.map((line) => line.replace('"version":2', '"version":1')))],
      'its events are of version 1',
    ],
  ] as const)('refuses %s by its name', async (_title, blobs, said) => {
    const { exitCode, output, errors } = await merge(`${blobs().join(' ')} --reporter junit=refused.xml`);
    expect([exitCode, output]).toEqual([2, '']);
    expect(errors).toContain(said);
    expect(readFileSync(join(cwd, 'refused.xml'), 'utf8')).toContain('the run could not start');
  });

  it('names flows that ran nowhere though all shards are there, and those that ran twice', async () => {
    const flowOf = (line: string) => /"flow":0\b/.test(line);
    const without = change(1, 'without.blob', (lines) => lines.filter((line) => !flowOf(line)));
    const nowhere = await merge(`${all.replace('blobs/1.blob', without)} --allow-missing --reporter minimal`);
    expect(nowhere.output).toContain('error: 1 flow ran in no shard: `a` of flows/a.yaml\n');
    expect(nowhere.exitCode).toBe(1);
    const again = change(1, 'twice.blob', (lines) => [
      ...lines.slice(0, -1),
      ...lines.filter(flowOf).map((line) => line.replace('"flow":0', '"flow":90')),
      ...lines.slice(-1),
    ]);
    const twice = await merge(`${again} --allow-missing --reporter minimal`);
    expect(twice.output).toContain('error: 1 flow ran in more than one shard: `a` of flows/a.yaml\n');
    expect(twice.exitCode).toBe(2);
  });

  it('says of a blob that breaks off what it is, and passes over what a run that did not start left', async () => {
    const broken = change(1, 'broken.blob', (lines) => [...lines.slice(0, -2), '{"type":"flow_fin']);
    const { exitCode, output } = await merge(`${broken} --allow-missing --reporter minimal`);
    expect(exitCode).toBe(3);
    expect(output).toContain('error: shard 1/4 broke off: `broken.blob` ends before its run did');
    writeFileSync(join(cwd, 'empty.blob'), '');
    const empty = await merge('blobs/1.blob empty.blob --reporter minimal');
    expect(empty.errors).toContain('note: `empty.blob`: empty, for the run of that shard did not start');
    expect(empty.exitCode).toBe(3);
    expect((await merge('empty.blob')).exitCode).toBe(3);
  });

  it('merges once more what it merged, and keeps what decides of the exit code', async () => {
    await merge(`${all} --reporter blob=merged.blob`);
    expect(await merge('merged.blob --reporter minimal')).toMatchObject({ exitCode: 1 });
    const strict = changeHead(1, 'strict.blob', { terms: { failOnFlaky: true, passWithNoTests: false } });
    const flaky = change(1, strict, (lines) => {
      const [, ...rest] = lines;
      const [head = ''] = readFileSync(join(cwd, strict), 'utf8').split('\n');
      return [
        head,
        ...rest.map((line) => line.replace('"type":"flow_finished"', '"type":"flow_finished","retry":"flaky"')),
      ];
    });
    expect(await merge(`${flaky} --allow-missing --reporter minimal`)).toMatchObject({ exitCode: 1 });
  });

  it('tells that it writes where it cannot', async () => {
    const { exitCode, errors } = await merge('blobs/1.blob --allow-missing --reporter junit=blobs');
    expect(exitCode).toBe(3);
    expect(errors).toContain('the report of `junit` is incomplete');
  });
});

function copyOf(shard: number, file: string): string {
  copyFileSync(join(cwd, `blobs/${shard}.blob`), join(cwd, file));
  return file;
}
