import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startHttpServer } from '../../support/servers/http-server.ts';
import { callCommand } from '../command.ts';

const root = mkdtempSync(join(tmpdir(), 'testmesh-run-settings-'));
const cwd = join(root, 'flows');
afterAll(() => rmSync(root, { recursive: true, force: true }));

beforeAll(() => mkdirSync(cwd));

async function run(project: string, ...words: readonly string[]) {
  writeFileSync(join(root, 'testmesh.yaml'), project);
  writeFileSync(join(cwd, 'one.yaml'), 'name: One\nsteps:\n  - { action: log, config: { message: a } }\n');
  return callCommand(['run', 'one.yaml', ...words], { cwd });
}

describe('what testmesh.yaml says of runs', () => {
  it('is which reports are written, in its folder, where no flag says it', async () => {
    const project = 'reporters: [minimal, "junit=reports/junit.xml"]';
    const { exitCode, output } = await run(project);
    expect([exitCode, existsSync(join(root, 'reports', 'junit.xml'))]).toEqual([0, true]);
    expect(output).not.toContain('✓ log');
    const { output: own } = await run(project, '--reporter', 'tap');
    expect(own).toMatch(/^TAP version/);
  });

  it('is how many flows run at the same time, unless a flag says it', async () => {
    const waiting: (() => void)[] = [];
    // One alone is never answered.
    const server = await startHttpServer((_, response) => {
      waiting.push(() => response.end('both'));
      if (waiting.length === 2) for (const answer of waiting.splice(0)) answer();
    });
    const ask = `steps:\n  - { action: http_request, config: { url: "${server.url}" }, timeout: 1s }\n`;
    writeFileSync(join(cwd, 'two.yaml'), `name: A\n${ask}---\nname: B\n${ask}`);
    writeFileSync(join(root, 'testmesh.yaml'), 'workers: 2');
    const both = await callCommand(['run', 'two.yaml'], { cwd });
    expect(both.exitCode, both.output).toBe(0);
    const alone = await callCommand(['run', 'two.yaml', '-j', '1'], { cwd });
    expect(alone.exitCode, alone.output).toBe(3);
    await server.close();
  });

  it('is which flow files a command is about that names none, from whichever folder', async () => {
    const flow = (name: string) => `name: ${name}\nsteps:\n  - { action: log, config: { message: a } }\n`;
    mkdirSync(join(root, 'checks', 'drafts'), { recursive: true });
    for (const name of ['checks/b', 'checks/drafts/c', 'flows/a'])
      writeFileSync(join(root, `${name}.yaml`), flow(name));
    const list = async (project: string) => {
      writeFileSync(join(root, 'testmesh.yaml'), project);
      const { output, errors, exitCode } = await callCommand(['list', '--json'], { cwd });
      const { flows } = exitCode === 0 ? JSON.parse(output) : { flows: [] };
      return [exitCode, errors, flows.map(({ file }: { file: string }) => relative(root, file))];
    };
    expect(await list('flows: ["checks/**/*.yaml", "!checks/drafts/**"]')).toEqual([0, '', ['checks/b.yaml']]);
    expect(await list('flows: checks')).toEqual([0, '', ['checks/b.yaml', 'checks/drafts/c.yaml']]);
    expect(await list('flows: checks/b.yaml')).toEqual([0, '', ['checks/b.yaml']]);
    const none = await list('flows: [gone/*.yaml]');
    expect(none).toEqual([4, expect.stringContaining('`flows` of testmesh.yaml matches no file: gone/*.yaml'), []]);
    expect(await list('flows: []')).toEqual([4, expect.stringContaining('there is no flow file at flows/**'), []]);
    const { errors } = await run('flows: []');
    expect(errors).toContain('`flows` names no file');
    const { exitCode } = await run('flows: ["gone/*.yaml"]');
    expect(exitCode).toBe(0);
  });

  it('is how much is kept of records, but for the last one of a flow', async () => {
    rmSync(join(cwd, '.testmesh'), { recursive: true, force: true });
    const count = (): number => readdirSync(join(cwd, '.testmesh', 'runs')).length;
    for (let time = 0; time < 4; time++) expect((await run('records: { keep: 2 }')).exitCode).toBe(0);
    expect(count()).toBe(2);
    expect((await run('records: { max_size: 1KB }')).exitCode).toBe(0);
    expect(count()).toBe(1);
  });

  it('is refused where it is none', async () => {
    for (const [project, message] of [
      ['workers: 0', '`workers`: expected a whole number from 1 to 9999, got int 0'],
      ['workers: many', '`workers`: expected a whole number from 1 to 9999, got string "many"'],
      ['reporters: [junti]', 'there is no reporter `junti`'],
      ['reporters: ["junit="]', "`junit=`: the file's name is missing"],
      ['reporters: [tree, minimal]', '`tree` and `minimal` would both write to standard output'],
      ['reporters: [tap=a, json=a]', '`tap` and `json` would both write to the file `a`'],
      ['records: {keep: 0}', '`records.keep`: expected a whole number from 1, got int 0'],
      ['records: {max_size: much}', '`records.max_size`: expected a size such as `500MB`'],
      ['records: {kept: 5}', '`records` has the keys `keep` and `max_size`'],
      ['records: 5', '`records`: expected a map'],
      ['reporters: {tap: a}', '`reporters`: expected a list of texts'],
    ] as const) {
      const { exitCode, errors } = await run(project);
      expect([exitCode, errors]).toEqual([2, expect.stringContaining(message)]);
    }
  });
});
