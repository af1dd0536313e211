import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

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
