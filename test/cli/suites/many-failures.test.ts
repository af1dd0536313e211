import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { repeats } from '../../support/sample.ts';
import { callCommand } from '../command.ts';

const inFullRun = it.runIf(repeats('further tests of many failures', 1, 0) > 0);

let cwd = '';
beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), 'testmesh-many-'));
});
afterEach(() => rmSync(cwd, { recursive: true, force: true }));

const run = async (words: string) => {
  const { output, exitCode } = await callCommand(['run', ...words.split(' '), '--seed', '1'], { cwd });
  const steady = output
    .replaceAll(/\b[\d.]+ m?s\b/g, 'TIME')
    .replaceAll('seed 1, fixed: "unique" values repeat', 'SEED')
    .replaceAll(/(set|http_request) {2,}TIME/g, '$1 TIME');
  return { exitCode, output: steady };
};
const step = (more: string) => `  - { id: one, action: set, config: { x: 1 }, ${more} }\n`;
function writeRows(name: string, count: number, assertion: string): void {
  const rows = Array.from({ length: count }, (_, index) => `{ n: ${index + 1} }`).join(', ');
  writeFileSync(join(cwd, name), `name: Prices\ndata: [${rows}]\nsteps:\n${step(`assert: ["${assertion}"]`)}`);
}
function writeFlows(count: number, stepOf: (index: number) => string): void {
  mkdirSync(join(cwd, 'flows'));
  for (let index = 0; index < count; index++)
    writeFileSync(join(cwd, `flows/f${index}.yaml`), `name: Flow ${index}\nsteps:\n${stepOf(index)}`);
}

describe('many rows', () => {
  it('that pass are a line, and those that fail alike another', async () => {
    writeRows('rows.yaml', 40, 'n % 7 != 0');
    const { exitCode, output } = await run('rows.yaml');
    expect(exitCode).toBe(1);
    await expect(output).toMatchFileSnapshot('golden/rows.txt');
  });

  inFullRun('take a screenful when hundreds of them fail', async () => {
    writeRows('rows.yaml', 400, 'n < 0');
    const { output } = await run('rows.yaml');
    expect(output.split('\n').length).toBeLessThan(60);
    expect(output).toContain(' ✗ Prices   rows.yaml   397 rows failed as above: 4-400   TIME\n');
    expect(output).toContain(
      ' ✗ Prices   rows.yaml   400 rows fail alike: 1-400\n     one   rows.yaml:4   n < 0\n     again: testmesh run rows.yaml --seed 1 --row 1-400 --only one\n',
    );
  });

  it('are shown in full with -v, and not at all with -q', async () => {
    writeRows('rows.yaml', 6, 'n < 9');
    expect((await run('rows.yaml -v')).output.match(/^ Prices \[row/gm)).toHaveLength(6);
    expect((await run('rows.yaml')).output).toMatch(
      /^ ✓ Prices {3}rows\.yaml {3}6 rows passed: 1-6 {3}TIME\n\n ✓ passed/,
    );
    expect((await run('rows.yaml -q')).output).not.toContain('rows passed');
  });

  it('are shown when they have something to say though they passed', async () => {
    writeRows('rows.yaml', 3, 'all([], # > 1) or n == 2');
    const { output } = await run('rows.yaml');
    expect(output).toContain('Prices [row 1: n=1]');
    expect(output).toContain('note');
  });

  it('that are not reached are a line', async () => {
    writeRows('rows.yaml', 9, 'n < 2');
    const { output } = await run('rows.yaml --bail');
    expect(output).toContain(' · Prices   rows.yaml   7 rows not reached: 3-9   TIME\n');
    expect(output).not.toContain('Prices [row 3');
  });

  it('stay apart from those of other flows', async () => {
    writeRows('a.yaml', 3, 'n > 0');
    writeRows('b.yaml', 3, 'n > 1');
    const { output } = await run('a.yaml b.yaml -j 3');
    expect(output).toMatch(/a\.yaml {3}3 rows passed: 1-3[\s\S]*b\.yaml[\s\S]*b\.yaml {3}2 rows passed: 2-3/);
  });
});

describe('many flows', () => {
  it('that fail for one reason are told once, with the list', async () => {
    writeFlows(
      5,
      () => '  - { id: one, action: http_request, config: { url: "http://127.0.0.1:1/" }, assert: [status == 200] }\n',
    );
    const { exitCode, output } = await run('flows');
    expect(exitCode).toBe(3);
    await expect(output.slice(output.indexOf(' Flow 2 '))).toMatchFileSnapshot('golden/flows.txt');
  });

  it('are told one by one where values differ, or there are two', async () => {
    writeFlows(3, (index) => step(`assert: ["x == ${index + 2}"]`));
    expect((await run('flows')).output).not.toContain('alike');
    expect((await run('flows')).output.match(/again: /g)).toHaveLength(3);
    rmSync(join(cwd, 'flows'), { recursive: true });
    writeFlows(2, () => step('assert: ["x == 2"]'));
    expect((await run('flows')).output.match(/again: /g)).toHaveLength(2);
  });

  it('are told once where the same assertion is false of the same values', async () => {
    writeFlows(4, () => step('assert: ["x == 2"]'));
    const { output } = await run('flows');
    expect(output).toContain(
      ' ✗ 4 flows fail alike\n     one   flows/f0.yaml:3   x == 2\n       Flow 0   flows/f0.yaml:3\n',
    );
    expect(output).toContain('x == 2: as in "Flow 0" and others above\n');
    expect(output).toContain('     the first again: testmesh run flows/f0.yaml --seed 1 --only one\n');
  });
});
