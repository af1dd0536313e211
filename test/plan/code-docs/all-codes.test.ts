import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { main } from '../../../src/cli/main.ts';
import { codeDocs } from '../../../src/plan/code-docs/all-codes.ts';
import type { CodeExample } from '../../../src/plan/code-docs/code-doc.ts';
import { sample } from '../../support/sample.ts';

const SRC = fileURLToPath(new URL('../../../src', import.meta.url));
// A code's first digit is what it is about.
const chosen = sample('examples of codes', codeDocs, { count: 20, kindOf: ({ code }) => code.slice(0, 3) });
let root = '';
let count = 0;

beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'testmesh-codes-'));
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

describe('the documentation of codes', () => {
  it('has every code that the sources tell, and no other', () => {
    const used = new Set<string>();
    for (const name of readdirSync(SRC, { recursive: true, encoding: 'utf8' })) {
      if (!name.endsWith('.ts') || name.includes('code-docs')) continue;
      for (const [, code = ''] of readFileSync(join(SRC, name), 'utf8').matchAll(/'(TM\d{3})'/g)) used.add(code);
    }
    expect(codeDocs.map(({ code }) => code)).toEqual([...used].sort());
  });

  it.each(codeDocs)('$code says what is wrong and what to do', ({ title, text }) => {
    expect(title).toMatch(/^[^.]{8,60}$/);
    expect(text.length).toBeGreaterThan(60);
    expect(text).toMatch(/[.]$/);
  });

  it.each(chosen)('$code: the wrong example has it', async ({ code, wrong }) => {
    const output = await tell(wrong);
    expect(output).toContain(`[${code}]`);
  });

  it.each(chosen)('$code: the right example has no finding at all', async ({ right }) => {
    const output = await tell(right);
    expect(output).not.toMatch(/\[TM\d{3}\]/);
  });
});

/** Runs the example's command in a folder of its own and gives all that it printed. */
async function tell({ flow, files = {}, commands = ['validate flow.yaml'], encoding }: CodeExample): Promise<string> {
  const cwd = join(root, String(count++));
  mkdirSync(cwd);
  writeFileSync(join(cwd, 'flow.yaml'), encoding ? `\ufeff${flow}` : flow, encoding ?? 'utf8');
  for (const [name, text] of Object.entries(files)) writeFileSync(join(cwd, name), text);
  let output = '';
  const add = (text: string) => {
    output += text;
  };
  const terminal = { cwd, env: {}, isTty: false, columns: 100, write: add, writeError: add, flush: async () => {} };
  for (const command of commands) await main(command.split(' '), { terminal, version: '0.0.0' });
  return output;
}
