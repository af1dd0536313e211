import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Metafile } from 'esbuild';

const packages = new Map<string, string>();

/** Takes note of the packages of which something is in a bundle. */
export function notePackages({ inputs }: Metafile, root: string): void {
  for (const path of Object.keys(inputs)) {
    const folder = /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1];
    if (folder !== undefined) packages.set(folder, join(root, folder));
  }
}

/** Writes the licences of all that were noted, as they ask for wherever their code goes. @throws Error for a package that says none */
export function writeLicences(file: string): void {
  const parts = [...packages.values()].sort().map(describePackage);
  writeFileSync(file, `${[...new Set(parts)].join(`\n${'-'.repeat(80)}\n`)}\n`);
}

const NAMES = [
  'LICENSE',
  'LICENSE.md',
  'LICENSE.txt',
  'LICENCE',
  'LICENCE.md',
  'License',
  'license',
  'LICENSE-MIT',
  'license.md',
];

function describePackage(folder: string): string {
  const { name, version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const file = NAMES.map((one) => join(folder, one)).find((path) => existsSync(path));
  if (file === undefined && typeof license !== 'string')
    throw new Error(`${name} in ${dirname(folder)} names no licence`);
  const text = file === undefined ? '' : `\n\n${readFileSync(file, 'utf8').trim()}`;
  return `${name} ${version}, ${typeof license === 'string' ? license : 'see below'}${text}\n`;
}
