import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { type FinalResults, Parser } from 'tap-parser';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { compileResultSchema } from '../../support/event-schema.ts';
import { findJunitFaults } from '../../support/schemas/junit-10.ts';
import { bin } from '../../support/stack/cli.ts';
import { findElements, readXml } from '../../support/xml.ts';

const COUNT = 30;
const ctrfSchema = new URL('../../support/schemas/ctrf-0.0.json', import.meta.url);
let root = '';
let ended: ReturnType<typeof spawnSync>;

beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'testmesh-clean-'));
  for (const folder of ['work', 'out']) mkdirSync(join(root, folder));
  for (let at = 1; at <= COUNT; at++) {
    const claim = `{ id: claim, action: assert, config: { data: { a: ${at} }, assertions: ["a == -${at}"] } }`;
    writeFileSync(join(root, 'work', `f${at}.yaml`), `name: "Flow ${at} ::error::%0A ]]>"\nsteps:\n  - ${claim}\n`);
  }
  chmodSync(join(root, 'work'), 0o555);
  const reporters = ['junit', 'ctrf', 'tap', 'json', 'markdown'].flatMap((one) => [
    '--reporter',
    `${one}=../out/${one}`,
  ]);
  // A folder that nobody, root neither, can write.
  const words = ['run', '.', ...reporters, '--output-dir', '/proc/none'];
  const env = { GITHUB_ACTIONS: 'true', GITHUB_WORKSPACE: root, GITHUB_STEP_SUMMARY: join(root, 'out/summary') };
  ended = spawnSync(process.execPath, [bin, ...words], { cwd: join(root, 'work'), env, encoding: 'utf8' });
});
afterAll(() => {
  chmodSync(join(root, 'work'), 0o755);
  rmSync(root, { recursive: true, force: true });
});

const read = (name: string): string => readFileSync(join(root, 'out', name), 'utf8');

describe('reports of a run with nothing around it', () => {
  it('end with its code, and it says that it leaves no record', () => {
    expect(ended.status).toBe(1);
    expect(ended.stderr).toContain('this run leaves no record');
    expect(`${ended.stdout}${ended.stderr}`).not.toContain('\u001b');
  });

  it('are valid by their schemas, with file and line', async () => {
    const ctrf = JSON.parse(read('ctrf'));
    const validate = new Ajv({ formats: { uuid: true, 'date-time': true, uri: true } }).compile(
      JSON.parse(readFileSync(ctrfSchema, 'utf8')),
    );
    expect([validate(ctrf), validate.errors]).toEqual([true, null]);
    expect(ctrf.results.summary).toMatchObject({ tests: COUNT, failed: COUNT });
    expect(ctrf.results.tests[0]).toMatchObject({ filePath: expect.stringMatching(/^f\d+\.yaml$/), line: 3 });
    expect(compileResultSchema()(JSON.parse(read('json')))).toBe(true);
    const junit = readXml(read('junit'));
    expect(findJunitFaults(junit)).toEqual([]);
    const places = findElements(junit, 'system-out').map(({ text }) => text.split('\n')[0]);
    expect(places).toHaveLength(COUNT);
    for (const place of places) expect(place).toMatch(/^at f\d+\.yaml:3$/);
    const parser = new Parser();
    const whole = new Promise<FinalResults>((resolve) => parser.on('complete', resolve));
    parser.end(read('tap'));
    expect(await whole).toMatchObject({ ok: false, count: COUNT, fail: COUNT });
  });

  it('stay within the limits of GitHub, with all failures in the summary', () => {
    const annotations = String(ended.stdout).match(/^::.*$/gm) ?? [];
    expect(annotations).toHaveLength(10);
    for (const one of annotations) expect(one).toMatch(/^::error file=work\/f\d+\.yaml,line=3,/);
    expect(annotations[9]).toContain('20 more failures');
    const summary = read('summary');
    expect(summary.length).toBeLessThan(1_048_576);
    for (let at = 1; at <= COUNT; at++) expect(summary).toContain(`f${at}.yaml:3`);
    expect(read('markdown').length).toBeLessThan(65_536);
  });
});
