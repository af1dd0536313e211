import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { callCommand } from './command.ts';

const README = readFileSync(fileURLToPath(new URL('../../README.md', import.meta.url)), 'utf8');
const FLOWS = [...README.matchAll(/^```yaml\n((?:name|flow):[\s\S]*?)^```$/gm)].map(([, text = '']) => text);
let cwd = '';

beforeAll(() => {
  cwd = mkdtempSync(join(tmpdir(), 'testmesh-readme-'));
});
afterAll(() => rmSync(cwd, { recursive: true, force: true }));

describe('the flows in README.md', () => {
  it('are some', () => {
    expect(FLOWS.length).toBeGreaterThan(2);
  });

  it.each(FLOWS)('hold as they stand: %s', async (text) => {
    writeFileSync(join(cwd, 'flow.yaml'), text);
    const { output, errors } = await callCommand(['validate', 'flow.yaml'], { cwd });
    expect(errors + output).toBe('✓ 1 flow in 1 file: 0 errors, 0 warnings\n');
  });
});
