import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));

/** Which rooms a room may import, and which packages; the walls that docs/architecture.md draws. */
const ROOMS: Readonly<Record<string, { ours: readonly string[]; packages: readonly string[] }>> = {
  cli: { ours: ['*'], packages: ['commander', 'pino', 'std-env', 'tinyglobby'] },
  stop: { ours: [], packages: [] },
  model: { ours: ['expr', 'stop', 'util'], packages: ['zod'] },
  expr: { ours: [], packages: ['re2js', 'decimal.js'] },
  schema: { ours: ['expr', 'util'], packages: ['ajv', 'ajv-formats'] },
  contract: { ours: ['model', 'source', 'expr', 'schema', 'util'], packages: [] },
  functions: { ours: ['expr', 'schema'], packages: ['@faker-js/faker'] },
  capture: { ours: ['expr', 'model', 'util'], packages: ['re2js'] },
  source: { ours: ['expr', 'model', 'util'], packages: ['yaml', 'diff'] },
  plan: { ours: ['model', 'source', 'expr', 'functions', 'capture', 'util'], packages: ['zod', 'csv-parse'] },
  actions: { ours: ['model', 'stop', 'drivers', 'contract', 'expr', 'capture', 'util'], packages: ['zod'] },
  drivers: {
    ours: ['stop', 'util'],
    packages: ['pg', 'mysql2', '@redis/client', '@platformatic/kafka', 'tough-cookie'],
  },
  services: { ours: ['model', 'stop', 'expr', 'util'], packages: [] },
  engine: { ours: ['model', 'stop', 'expr', 'functions', 'capture', 'agree', 'util'], packages: [] },
  agree: { ours: ['model', 'expr', 'util'], packages: [] },
  load: {
    ours: ['model', 'stop', 'drivers', 'expr', 'engine', 'util'],
    packages: ['protobufjs', 'snappyjs'],
  },
  records: { ours: ['model', 'expr', 'util'], packages: [] },
  reporters: { ours: ['model', 'source', 'expr', 'util'], packages: [] },
  util: { ours: [], packages: [] },
};
/**
 * The rooms inside rooms, lowest first: files of one may import those of an earlier one, but for types. `.` is the files at the
 * room's top, which stand above all others unless the list says otherwise.
 */
const SUB_ROOMS: Readonly<Record<string, readonly string[]>> = {
  model: ['.', 'load', 'event-table', 'action', 'companions'],
  expr: ['values', 'compare', 'syntax', 'evaluate', 'builtins', 'compile', 'explain', '.'],
  source: ['scalars', 'traps', 'plain', 'yaml', 'format', 'render'],
  plan: [
    'code-docs',
    'foreign',
    'read',
    'lower',
    'compile',
    'names',
    'flow',
    'advice/outcomes',
    'advice',
    'select',
    'project',
    'load',
    'editor',
    '.',
  ],
  actions: [
    'settings',
    'controls',
    'oauth2',
    'http',
    'kafka',
    'redis',
    'database/sql',
    'database/values',
    'database',
    'stub/wire',
    'stub',
    'fault/kafka',
    'fault',
    'changes',
    'effects',
    'service',
    '.',
  ],
  contract: ['document', 'schemas', 'made', '.'],
  drivers: ['.', 'http', 'kafka', 'mysql', 'postgres', 'redis'],
  engine: ['outcome', 'events', 'names', 'recorded', 'prepare', 'lifetimes', 'run', 'plain', 'flows'],
  agree: ['words', 'read', 'judge', '.'],
  records: ['.', 'green', 'history'],
  load: [
    'metrics',
    'thresholds',
    'executors',
    'capacity',
    'reconcile',
    'run',
    'summary',
    'outputs/send',
    'outputs/influxdb',
    'outputs/prometheus',
    'outputs/opentelemetry',
    'outputs/page',
    'outputs/web',
    'outputs',
    'merge',
    'threads',
  ],
  reporters: ['output', 'exchange', 'fold', 'tree', 'junit', 'html', 'data', 'brief', '.'],
  cli: [
    'process',
    'environments',
    'records',
    'arguments',
    'findings',
    'output',
    'companions',
    'control',
    'suites',
    'emit',
    'setting-docs',
    'commands',
    'watch',
    'debug',
    'reports',
    'mock',
    'up',
    'load',
    'authoring',
    'doctor',
    'completion',
    'program',
    '.',
  ],
};
const FULL_FOLDER = 25;
const CLOCK = 'src/engine/lifetimes/clock.ts';
const BARRELS = new Set(['src/index.ts', 'src/expr/index.ts']);

interface SourceText {
  readonly path: string;
  readonly room: string;
  readonly text: string;
  readonly imports: readonly string[];
  /** Those of them that are there when the program runs: not the imports of types alone. */
  readonly loads: readonly string[];
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

  it('keeps the walls inside of rooms: a sub-room loads only what stands below it', () => {
    const breaches: string[] = [];
    for (const { path, room, loads } of sources) {
      const order = SUB_ROOMS[room];
      for (const target of loads) {
        if (!order || !target.startsWith('src/') || roomOf(target) !== room) continue;
        const [own, other] = [order.indexOf(subRoomOf(path)), order.indexOf(subRoomOf(target))];
        if (own === -1 || other === -1 || other > own) breaches.push(`${path} loads ${target}`);
      }
    }
    expect(breaches).toEqual([]);
  });

  it('has rooms that no chain of imports leaves and comes back to', () => {
    const graph = new Map(sources.map((file) => [file.path, file.loads]));
    const breaches = sources.flatMap(({ path, room, loads }) =>
      loads
        .filter((target) => graph.has(target) && roomOf(target) !== room)
        .filter((target) => listReached(graph, target).some((reached) => roomOf(reached) === room))
        .map((target) => `${path} leaves ${room} through ${target}`),
    );
    expect(breaches).toEqual([]);
  });

  it('has folders that can be overlooked', () => {
    const counts = new Map<string, number>();
    for (const { path } of files) counts.set(dirname(path), (counts.get(dirname(path)) ?? 0) + 1);
    expect([...counts].filter(([folder, count]) => count > FULL_FOLDER && folder !== 'src/actions')).toEqual([]);
    expect([...counts.keys()].filter((folder) => /\/(misc|common|helpers)$/.test(folder))).toEqual([]);
    const isRoomTop = (folder: string): boolean =>
      folder === 'demo-services' || (SUB_ROOMS[folder.replace('src/', '')]?.includes('.') ?? false);
    expect([...counts].filter(([folder, count]) => count < 3 && !isRoomTop(folder))).toEqual([]);
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

  it('has interfaces of at most ten members', () => {
    const wide = sources.flatMap(({ path, text }) =>
      listInterfaces(text)
        .filter(({ count }) => count > 10)
        .map(({ name, count }) => `${path}: ${name} has ${count}`),
    );
    expect(wide).toEqual([]);
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
  const pattern = /^(?:import|export)\b([^;']*?)\bfrom '([^']+)'|^import '([^']+)'|\bimport\('([^']+)'\)/gm;
  const found = [...text.matchAll(pattern)].map((match) => ({
    target: resolveImport(path, match[2] ?? match[3] ?? match[4] ?? ''),
    isType: isTypeAlone(match[1] ?? ''),
  }));
  const imports = found.map(({ target }) => target);
  const loads = found.filter(({ isType }) => !isType).map(({ target }) => target);
  return { path, room: roomOf(path), text, imports, loads };
}

/** Whether what stands between `import` and `from` names types only. */
function isTypeAlone(clause: string): boolean {
  if (/^\s*type\b/.test(clause)) return true;
  const names = (/\{([^}]*)\}/.exec(clause)?.[1] ?? '').split(',').map((name) => name.trim());
  const listed = names.filter((name) => name !== '');
  return listed.length > 0 && listed.every((name) => name.startsWith('type '));
}

function resolveImport(from: string, target: string): string {
  return target.startsWith('.') ? normalize(join(dirname(from), target)) : target;
}

function roomOf(path: string): string {
  return path.split('/')[1] ?? '';
}

/** The folder below the room's, `.` for files at its top. */
function subRoomOf(path: string): string {
  return dirname(path).split('/').slice(2).join('/') || '.';
}

function listReached(graph: ReadonlyMap<string, readonly string[]>, from: string): readonly string[] {
  const reached = new Set<string>();
  const visit = (path: string): void => {
    if (reached.has(path)) return;
    reached.add(path);
    for (const target of graph.get(path) ?? []) visit(target);
  };
  visit(from);
  return [...reached];
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

/** The exported interfaces with the number of members that each declares itself. */
function listInterfaces(text: string): readonly { name: string; count: number }[] {
  const found = text.matchAll(/^export interface (\w+)[^{\n]*\{\n([\s\S]*?)^\}/gm);
  return [...found].map(([, name = '', body = '']) => ({
    name,
    count: body.split('\n').filter((line) => /^ {2}(readonly )?[\w'"[]+\??(<[^>]*>)?[(:\]]/.test(line)).length,
  }));
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
