import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { sample } from '../support/sample.ts';
import { callCommand } from './command.ts';

const cwd = fileURLToPath(new URL('../../examples', import.meta.url));
/** As guides tell it: its warnings are what the example after it does better. */
const GUIDE = '07-order-journey-as-the-guide-tells-it.yaml';

describe('the examples', () => {
  const files = readdirSync(cwd).filter((name) => name.endsWith('.yaml') && name !== GUIDE);
  it.each(sample('examples by themselves, which a folder has together', files, { count: 4 }))(
    '%s has no finding',
    async (name) => {
      const { exitCode, errors } = await callCommand(['validate', name, '--strict'], { cwd });
      expect(errors).toBe('');
      expect(exitCode).toBe(0);
    },
  );

  it('have no other finding as a folder, with the flow that another one calls', async () => {
    const { exitCode, errors } = await callCommand(['validate', '.'], { cwd });
    expect(exitCode).toBe(0);
    expect(errors).not.toMatch(/^(error|note)/m);
  });

  it.each(sample('projects of examples', ['one-log-in', 'first-project'], { count: 1 }))(
    'have the project %s, whose flows pass, strictly',
    async (name) => {
      const output = mkdtempSync(join(tmpdir(), 'testmesh-project-'));
      const project = join(cwd, name);
      const env = { PATH: process.env['PATH'] ?? '' };
      const ended = await callCommand(['run', '--strict', '--output-dir', output], { cwd: project, env });
      rmSync(output, { recursive: true });
      expect(ended.exitCode, ended.output).toBe(0);
      expect(ended.errors).toBe('');
    },
  );

  it('tell where the guide’s flow is blind', async () => {
    const { exitCode, errors } = await callCommand(['validate', GUIDE], { cwd });
    expect(exitCode).toBe(0);
    expect(errors.match(/(?<=^warning\[)TM\d+/gm)).toEqual(['TM210', 'TM214', 'TM210', 'TM214', 'TM209']);
  });
});
