import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { main } from '../../src/cli/main.ts';
import { callCommand } from './command.ts';

let root = '';
let cwd = '';
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'testmesh-reporters-'));
  cwd = join(root, 'tests');
  mkdirSync(cwd);
  const claim = '{ id: claim, action: assert, config: { data: { a: 2 }, assertions: ["a == 1"] } }';
  writeFileSync(join(cwd, 'fails.yaml'), `name: fails\nsteps:\n  - ${claim}\n`);
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

describe('on GitHub', () => {
  const onGithub = (words: string, more: Record<string, string> = {}) => {
    const env = {
      GITHUB_ACTIONS: 'true',
      GITHUB_WORKSPACE: root,
      GITHUB_STEP_SUMMARY: join(root, 'summary.md'),
      ...more,
    };
    return callCommand(`run fails.yaml ${words}`.trim().split(' '), { cwd, env });
  };

  it('annotations and a summary are there by themselves, beside the tree', async () => {
    writeFileSync(join(root, 'summary.md'), 'before\n');
    const { exitCode, output } = await onGithub('');
    expect(exitCode).toBe(1);
    expect(output).toContain('✗ failed');
    expect(output.match(/^::error .*$/gm)).toEqual([
      expect.stringMatching(/^::error file=tests\/fails\.yaml,line=3,.*title=fails%3A claim::/),
    ]);
    const summary = readFileSync(join(root, 'summary.md'), 'utf8');
    expect(summary).toMatch(/^before\n## ❌ testmesh: failed\n/);
    expect(summary).toContain('int 2');
  });

  it.each(['json', 'ndjson', 'junit', 'ctrf', 'tap'])('they leave standard output to %s', async (name) => {
    const { output, errors } = await onGithub(`--reporter ${name}`);
    expect(output).not.toContain('::error');
    expect(errors).toContain('::error file=tests/fails.yaml');
  });

  it('they are there once where they are asked for, or in a file', async () => {
    expect((await onGithub('--reporter github')).output.match(/::error/g)).toHaveLength(1);
    const { output } = await onGithub('--reporter github=notes.txt');
    expect(output).not.toContain('::error');
    expect(readFileSync(join(cwd, 'notes.txt'), 'utf8')).toContain('::error');
  });

  it('a summary that cannot be written is said, and the rest is whole', async () => {
    const { exitCode, output, errors } = await onGithub('', { GITHUB_STEP_SUMMARY: root });
    expect(exitCode).toBe(1);
    expect(output).toContain('::error');
    expect(errors).toContain('the report of `github` is incomplete');
  });
});

describe('for a coding agent', () => {
  const call = async (words: readonly string[], { isTty = false } = {}) => {
    let output = '';
    const terminal = {
      ...{ cwd, env: {}, isTty, columns: 100, flush: async () => {}, writeError: () => undefined },
      write: (text: string) => {
        output += text;
      },
      isOfAgent: async () => true,
    };
    await main(['run', 'fails.yaml', ...words], { terminal, version: '0.0.0' });
    return output;
  };

  it('the report is minimal by itself, unless another is asked for or a person may watch', async () => {
    expect(await call([])).toMatch(
      /^failed fails\.yaml:3 fails > claim\n[\s\S]*again: testmesh run fails\.yaml --only claim\nfailed: 1 flow: 1 failed; steps: 1 failed\n$/,
    );
    expect(await call(['--reporter', 'junit=j.xml'])).toMatch(/^failed fails/);
    expect(await call(['--reporter', 'tree'])).toContain('✗ failed in');
    expect(await call([], { isTty: true })).toContain('failed in');
  });
});
