import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { repeats } from './support/sample.ts';

const packages: Readonly<Record<string, { version?: string; optionalDependencies?: Record<string, string> }>> =
  JSON.parse(readFileSync(new URL('../package-lock.json', import.meta.url), 'utf8')).packages;
const packageJson = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));

it('locks what every platform needs, or `npm ci` fails there', () => {
  const locked = Object.keys(packages);
  const missing = Object.entries(packages).flatMap(([path, { optionalDependencies = {} }]) =>
    Object.keys(optionalDependencies)
      .filter((name) => !locked.some((other) => other.endsWith(`node_modules/${name}`)))
      .map((name) => `${path} needs ${name}`),
  );
  expect(missing).toEqual([]);
});

it('pins every package to one version', () => {
  const ranges = Object.values<string>({ ...packageJson.dependencies, ...packageJson.devDependencies });
  expect(ranges.filter((range) => !/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(range))).toEqual([]);
});

it('has no scripts that npm asks about when the package is installed', () => {
  const asked = ['preinstall', 'install', 'postinstall', 'prepare'];
  expect(Object.keys(packageJson.scripts).filter((name) => asked.includes(name))).toEqual([]);
});

describe.runIf(repeats('the package as it is installed', 1, 0) > 0)('the package', () => {
  const call = promisify(execFile);
  const root = fileURLToPath(new URL('..', import.meta.url));

  it('is small, and runs in an empty folder with nothing beside it', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'testmesh-package-'));
    try {
      const packed = await call('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', folder], {
        cwd: root,
      });
      const [{ filename, unpackedSize, files }] = JSON.parse(packed.stdout);
      expect(unpackedSize).toBeLessThan(20_000_000);
      const paths = files.map(({ path }: { path: string }) => path);
      expect(paths).toContain('dist/LICENCES.txt');
      expect(paths.filter((path: string) => /^(?:src|test|node_modules)|^dist\/demo|\.map$/.test(path))).toEqual([]);
      await call('tar', ['xzf', filename], { cwd: folder });
      writeFileSync(join(folder, 'flow.yaml'), FLOW);
      const program = join(folder, 'package/dist/bin.cjs');
      const env = { PATH: process.env['PATH'] ?? '' };
      const { stdout, stderr } = await call(program, ['run', 'flow.yaml'], { cwd: folder, env });
      expect(stderr).toBe('');
      expect(stdout).toContain('passed');
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});

/** Of what each needs a package of its own: exact numbers, patterns, schemas, made-up data, differences. */
const FLOW = `name: alone
env: { OWN_MAIL: '{{faker("internet.email")}}' }
steps:
  - action: assert
    config:
      data: { total: 59.98, at: "2026-01-31T10:00:00Z" }
      assertions:
        - total * 3 == 179.94
        - OWN_MAIL matches "@"
        - 'matches_schema({"a": total}, {"type": "object", "required": ["a"]})'
        - date(at).In("Asia/Tokyo").Hour() == 19
`;
