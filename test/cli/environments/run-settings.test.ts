import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
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

  it('is refused where it is none', async () => {
    for (const [project, message] of [
      ['workers: 0', '`workers`: expected a whole number from 1 to 9999, got int 0'],
      ['workers: many', '`workers`: expected a whole number from 1 to 9999, got string "many"'],
      ['reporters: [junti]', 'there is no reporter `junti`'],
      ['reporters: ["junit="]', "`junit=`: the file's name is missing"],
      ['reporters: [tree, minimal]', '`tree` and `minimal` would both write to standard output'],
      ['reporters: [tap=a, json=a]', '`tap` and `json` would both write to the file `a`'],
      ['reporters: {tap: a}', '`reporters`: expected a list of texts'],
    ] as const) {
      const { exitCode, errors } = await run(project);
      expect([exitCode, errors]).toEqual([2, expect.stringContaining(message)]);
    }
  });
});
