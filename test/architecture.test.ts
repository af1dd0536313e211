import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));

/** Which rooms a room may import, and which packages; the walls that the README draws. */
const ROOMS: Readonly<Record<string, { ours: readonly string[]; packages: readonly string[] }>> = {
  cli: { ours: ['*'], packages: ['commander', 'pino', 'dotenv', 'tinyglobby'] },
  model: { ours: ['expr', 'util'], packages: ['zod'] },
  expr: { ours: [], packages: ['re2js', 'decimal.js', 'lossless-json'] },
  functions: { ours: ['expr'], packages: ['ajv', 'ajv-formats', '@faker-js/faker'] },
  capture: { ours: ['expr', 'model', 'util'], packages: ['jsonpath-plus', 're2js'] },
  source: { ours: ['expr', 'model', 'util'], packages: ['yaml', 'diff'] },
  plan: { ours: ['model', 'source', 'expr', 'functions', 'capture', 'util'], packages: ['zod', 'dotenv', 'csv-parse'] },
  actions: { ours: ['model', 'drivers', 'expr', 'capture', 'util'], packages: ['zod'] },
  drivers: {
    ours: ['util'],
    packages: ['undici', 'pg', 'mysql2', '@redis/client', '@platformatic/kafka', 'tough-cookie'],
  },
  engine: { ours: ['model', 'expr', 'functions', 'capture', 'util'], packages: [] },
  records: { ours: ['model', 'expr', 'util'], packages: [] },
  reporters: { ours: ['model', 'source', 'expr', 'util'], packages: [] },
  util: { ours: [], packages: [] },
};
const CLOCK = 'src/engine/clock.ts';
const BARRELS = new Set(['src/index.ts', 'src/expr/index.ts']);

interface SourceText {
  readonly path: string;
  readonly room: string;
  readonly text: string;
  readonly imports: readonly string[];
}

const files = [...listFiles('src'), ...listFiles('demo-services')].map(readSource);
const sources = files.filter((file) => file.path.startsWith('src/'));

describe('the house', () => {
  it('has files to look at', () => {
    expect(sources.length).toBeGreaterThan(50);
  });

  it('keeps its walls: rooms import only what they may', () => {
    const breaches: string[] = [];
    for (const { path, room, imports } of sources) {
      const rules = ROOMS[room];
      for (const target of imports) {
        if (target === 'package.json') continue;
        const isOurs = target.startsWith('src/');
        const other = isOurs ? roomOf(target) : packageOf(target);
        const allowed = isOurs
          ? ['*', other].some((name) => rules?.ours.includes(name)) || other === room
          : target.startsWith('node:') || rules?.packages.includes(other);
        if (!allowed) breaches.push(`${path} imports ${target}`);
      }
    }
    expect(breaches).toEqual([]);
  });

  it('has actions that know no other action', () => {
    const actions = sources.filter(
      ({ path }) => /^src\/actions\/[a-z_.]+\.ts$/.test(path) && !path.endsWith('registry.ts'),
    );
    const names = new Set(actions.map(({ path }) => path));
    const breaches = actions.flatMap(({ path, imports }) =>
      imports.filter((target) => names.has(target)).map((target) => `${path} imports ${target}`),
    );
    expect(breaches).toEqual([]);
  });

  it('has no import cycles', () => {
    expect(findCycles(files)).toEqual([]);
  });

  it('has no barrels but the two that are exported', () => {
    const barrels = sources.filter(({ path, text }) => /^export (\*|\{[^}]*\}) from/m.test(text) && !BARRELS.has(path));
    expect(barrels.map(({ path }) => path)).toEqual([]);
  });

  it('knows the process and the console in the command line alone', () => {
    const offenders = sources.filter(
      ({ room, text }) => room !== 'cli' && /(?<![\w.'`"-])(process|console)\.\w/.test(withoutComments(text)),
    );
    expect(offenders.map(({ path }) => path)).toEqual([]);
  });

  it('knows time and chance in the clock and the seeded source alone', () => {
    const pattern = /Date\.now\(|(?<![.\w])(setTimeout|setInterval)\(|Math\.random\(|performance\.now\(/;
    const offenders = sources.filter(
      ({ path, room, text }) => path !== CLOCK && room !== 'cli' && pattern.test(withoutComments(text)),
    );
    expect(offenders.map(({ path }) => path)).toEqual([]);
  });

  it('has files of at most 300 lines and functions of at most 60', () => {
    const long = files.filter(({ text }) => text.split('\n').length - 1 > 300).map(({ path }) => path);
    expect(long).toEqual([]);
    expect(files.flatMap(findLongFunctions)).toEqual([]);
  });
});

function listFiles(folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .map((name) => join(folder, name))
    .filter((path) => path.endsWith('.ts') && !path.endsWith('.d.ts') && !path.includes('node_modules'));
}

function readSource(path: string): SourceText {
  const text = readFileSync(join(root, path), 'utf8');
  const pattern = /^(?:import|export)\b[^;']*?\bfrom '([^']+)'|^import '([^']+)'|\bimport\('([^']+)'\)/gm;
  const imports = [...text.matchAll(pattern)].map((match) =>
    resolveImport(path, match[1] ?? match[2] ?? match[3] ?? ''),
  );
  return { path, room: roomOf(path), text, imports };
}

function resolveImport(from: string, target: string): string {
  return target.startsWith('.') ? normalize(join(dirname(from), target)) : target;
}

function roomOf(path: string): string {
  return path.split('/')[1] ?? '';
}

function packageOf(target: string): string {
  return target.startsWith('@') ? target.split('/').slice(0, 2).join('/') : (target.split('/')[0] ?? target);
}

function withoutComments(text: string): string {
  return text.replaceAll(/\/\*[\s\S]*?\*\//g, '').replaceAll(/(^|\s)\/\/.*$/gm, '$1');
}

function findCycles(all: readonly SourceText[]): string[] {
  const graph = new Map(all.map((file) => [file.path, file.imports]));
  const done = new Set<string>();
  const cycles: string[] = [];
  const visit = (path: string, trail: readonly string[]): void => {
    if (trail.includes(path)) {
      cycles.push([...trail.slice(trail.indexOf(path)), path].join(' → '));
      return;
    }
    if (done.has(path)) return;
    for (const target of graph.get(path) ?? []) if (graph.has(target)) visit(target, [...trail, path]);
    done.add(path);
  };
  for (const { path } of all) visit(path, []);
  return cycles;
}

/** Functions that begin at a line's start (or as a method) and end with the brace of the same indentation. */
function findLongFunctions({ path, text }: SourceText): string[] {
  const lines = text.split('\n');
  const long: string[] = [];
  for (const [start, line] of lines.entries()) {
    const match =
      /^(\s*)(?:export )?(?:async )?(?:function\*? (\w+)|(?:const (\w+) = (?:async )?\(.*=> \{$)|(?:(?:static |async |#)*(\w+)\([^;]*\{$))/.exec(
        line,
      );
    const name = match?.[2] ?? match?.[3] ?? match?.[4];
    if (!match || !name || ['if', 'for', 'while', 'switch', 'catch'].includes(name)) continue;
    const end = lines.findIndex((candidate, index) => index > start && candidate.startsWith(`${match[1]}}`));
    if (end - start + 1 > 60) long.push(`${path}: ${name} has ${end - start + 1} lines`);
  }
  return long;
}
