import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildLibrary } from '../../.config/build-library.ts';
import { repeats } from '../support/sample.ts';

const run = promisify(execFile);
const root = fileURLToPath(new URL('../..', import.meta.url));
const page = readFileSync(join(root, 'docs/expressions.md'), 'utf8');
const packageJson = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
let folder = '';

beforeAll(async () => {
  // Below the root, so that the packages are found.
  mkdirSync(join(root, '.cache'), { recursive: true });
  folder = mkdtempSync(join(root, '.cache/library-'));
  await buildLibrary(join(folder, 'dist'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The example of the documentation, which imports the library by its name. */
function readExample(): string {
  const section = page.split('\n## As a library\n')[1] ?? '';
  const code = /```ts\n([\s\S]*?)```/.exec(section)?.[1] ?? '';
  expect(code).toContain("from 'testmesh/expr'");
  return code.replaceAll("'testmesh/expr'", "'./dist/expr.js'");
}

describe.runIf(repeats('builds of the library', 1, 0) > 0)('the library', () => {
  it('is where the package says', () => {
    const { types, default: main } = packageJson.exports['./expr'];
    expect(existsSync(join(folder, main))).toBe(true);
    expect(existsSync(join(folder, types))).toBe(true);
  });

  it('runs as the documentation shows it', async () => {
    writeFileSync(join(folder, 'example.mjs'), readExample());
    const { stdout, stderr } = await run(process.execPath, [join(folder, 'example.mjs')]);
    const wanted = [...readExample().matchAll(/\/\/ → (.*)$/gm)].map((match) => match[1]);
    expect(wanted.length).toBeGreaterThan(3);
    expect(stdout.trimEnd().split('\n')).toEqual(wanted);
    expect(stderr).toBe('');
  });

  it('has types that a strict reader takes', async () => {
    const source = readExample().replaceAll("'./dist/expr.js'", "'./dist/types/index.js'");
    writeFileSync(
      join(folder, 'example.ts'),
      `${source}\nconst wrong: number = compile('1').source;\nconsole.log(wrong);\n`,
    );
    const tsc = join(root, 'node_modules/typescript/bin/tsc');
    const flags = [
      '--noEmit',
      '--strict',
      '--module',
      'nodenext',
      '--target',
      'es2023',
      '--ignoreConfig',
      '--types',
      'node',
    ];
    const result = await run(process.execPath, [tsc, ...flags, join(folder, 'example.ts')]).catch((error) => error);
    const errors = String(result.stdout)
      .split('\n')
      .filter((line) => line.includes('error'));
    expect(errors).toEqual([expect.stringMatching(/Type 'string' is not assignable to type 'number'/)]);
  });

  it('loads its packages when they are needed, and nothing of ours besides', () => {
    const text = readFileSync(join(folder, 'dist/expr.js'), 'utf8');
    expect([...text.matchAll(/^import .* from "([^"]+)"/gm)].map((match) => match[1])).toEqual(
      expect.not.arrayContaining(['re2js', 'decimal.js']),
    );
  });
});
