import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { reporterNames } from '../../src/reporters/registry.ts';
import { callCommand } from './command.ts';

const cwd = mkdtempSync(join(tmpdir(), 'testmesh-nan-'));
afterAll(() => rmSync(cwd, { recursive: true, force: true }));

const FLOW = `
name: No number
steps:
  - { id: made, action: set, config: { x: "0 / 0", y: "1 / 0" } }
  - { id: told, action: log, config: { message: { m: "{{x}}" }, data: { x: "{{x}}", y: ["{{y}}"] } }, assert: ["data.x > 100", "data == {x: 1, y: [2]}"] }
`;

it('numbers that JSON has no word for are in every report, and break none', async () => {
  writeFileSync(join(cwd, 'flow.yaml'), FLOW);
  const files = reporterNames.flatMap((name) => ['--reporter', `${name}=report.${name}`]);
  const { exitCode, output, errors } = await callCommand(['run', 'flow.yaml', '-vv', ...files], { cwd });
  expect([exitCode, errors]).toEqual([1, '']);
  expect(output).toContain('{"x":NaN,"y":[Infinity]}');
  for (const name of reporterNames.filter((one) => one !== 'html' && one !== 'blob'))
    expect(readFileSync(join(cwd, `report.${name}`), 'utf8'), name).toContain('NaN');
  for (const name of ['json', 'ctrf']) JSON.parse(readFileSync(join(cwd, `report.${name}`), 'utf8'));
});
