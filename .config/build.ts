import { execFile } from 'node:child_process';
import { chmodSync, copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { type BuildOptions, build as bundle, type Plugin } from 'esbuild';
import { createEventSchema } from '../src/model/event-table/event-schema.ts';
import { createResultSchema } from '../src/reporters/data/result-schema.ts';
import { buildDemo } from './build-demo.ts';
import { buildLibrary } from './build-library.ts';
import { checkMatches, expectMatch, replacePart } from './expected-matches.ts';
import { notePackages, writeLicences } from './licences.ts';
import { slowBuiltinsLater, sourcesForBundle, standIns } from './stand-ins.ts';
import { startWarmServers, type WarmServers } from './warm-servers.ts';

const require = createRequire(import.meta.url);
const root = fileURLToPath(new URL('..', import.meta.url));
const dist = join(root, 'dist');
const packageJson = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));

/**
 * Begins the command for the shell and for Node: to the shell the second line is a program, to JavaScript a text and a comment.
 * `--` has to stand before the file, for Node 20 takes `--env-file` from anywhere in its arguments, and env(1) cannot be asked to write it on every system.
 */
const SHELL_START = `#!/bin/sh\n':' //; exec node -- "$0" "$@"`;

/** Packages that the program loads when first needed: each becomes a file of its own, with its own code cache. */
const LAZY_PACKAGES = [
  're2js',
  'decimal.js',
  'diff',
  'pino',
  'pg',
  'mysql2',
  'csv-parse/sync',
  '@redis/client',
  'tinyglobby',
  'tough-cookie',
  '@platformatic/kafka',
  'ajv',
  'ajv/dist/2020.js',
  'ajv-formats/dist/formats.js',
  '@faker-js/faker/locale/en',
  'protobufjs/minimal.js',
  'snappyjs',
];

const noteLazy = new Map(LAZY_PACKAGES.map((name) => [name, expectMatch(`lazy package: ${name}`)]));
const noteKafkaWasm = expectMatch('WebAssembly of the Kafka client');

const shared: BuildOptions = {
  bundle: true,
  platform: 'node',
  format: 'cjs',
  target: 'node20.19',
  minify: true,
  sourcemap: 'linked',
  sourcesContent: false,
  legalComments: 'none',
  logLevel: 'warning',
  absWorkingDir: root,
  supported: { 'dynamic-import': false },
};

/** What packages know as `import.meta.url`. */
const withChunkUrl: BuildOptions = {
  define: { 'import.meta.url': '__chunkUrl' },
  banner: { js: "const __chunkUrl = require('node:url').pathToFileURL(__filename).href;" },
};

/** Builds `dist/`: the command, its chunks, the demo services, and V8's code caches for this Node. */
async function buildAll(): Promise<void> {
  rmSync(dist, { recursive: true, force: true });
  mkdirSync(dist, { recursive: true });
  await Promise.all([
    buildBin(),
    buildProgram(),
    buildGuard(),
    ...LAZY_PACKAGES.map(buildPackage),
    buildDemo(),
    buildLibrary(dist),
  ]);
  checkMatches();
  copyFileSync(findKafkaWasm(), join(dist, 'native.wasm'));
  writeFileSync(join(dist, 'events.schema.json'), `${JSON.stringify(createEventSchema(), null, 2)}\n`);
  writeFileSync(join(dist, 'result.schema.json'), `${JSON.stringify(createResultSchema(), null, 2)}\n`);
  writeLicences(join(dist, 'LICENCES.txt'));
  await warmCaches();
}

async function build(options: BuildOptions): Promise<void> {
  const { metafile } = await bundle({ ...options, metafile: true });
  notePackages(metafile, root);
}

async function buildBin(): Promise<void> {
  const outfile = join(dist, 'bin.cjs');
  const neededNode = packageJson.engines.node.replace('>=', '');
  await build({
    ...shared,
    target: 'node12',
    entryPoints: ['src/cli/bin.ts'],
    outfile,
    banner: { js: SHELL_START },
    define: { TESTMESH_VERSION: JSON.stringify(packageJson.version), TESTMESH_NODE: JSON.stringify(neededNode) },
  });
  chmodSync(outfile, 0o755);
}

async function buildProgram(): Promise<void> {
  await build({
    ...shared,
    entryPoints: ['src/cli/entry.ts'],
    outfile: join(dist, 'main.cjs'),
    ...withChunkUrl,
    plugins: [sourcesForBundle, slowBuiltinsLater, lazyPackages, standIns],
  });
}

/** The process that ends the services of a run when the run is gone. */
async function buildGuard(): Promise<void> {
  await build({ ...shared, entryPoints: ['src/cli/process/guard.ts'], outfile: join(dist, 'guard.cjs') });
}

async function buildPackage(name: string): Promise<void> {
  await build({
    ...shared,
    entryPoints: [name],
    outfile: join(dist, chunkName(name)),
    ...withChunkUrl,
    // Optional natives that are not installed.
    external: ['pg-native', 'cpu-features'],
    plugins: [kafkaWasmBeside, standIns],
  });
}

const lazyPackages: Plugin = {
  name: 'lazy-packages',
  setup(hooks) {
    hooks.onResolve({ filter: /^[^.]/ }, ({ path }) => {
      noteLazy.get(path)?.();
      return noteLazy.has(path) ? { path: `./${chunkName(path)}`, external: true } : undefined;
    });
  },
};

/** The Kafka client looks for its WebAssembly beside its chunk. */
const kafkaWasmBeside: Plugin = {
  name: 'kafka-wasm-beside',
  setup(hooks) {
    hooks.onResolve({ filter: /^\.\.\/dist\/native\.wasm$/ }, () => ({ path: './native.wasm', external: true }));
    hooks.onLoad({ filter: /wasm-utils\/dist\/index\.js$/ }, ({ path }) => {
      noteKafkaWasm();
      return {
        contents: replacePart(readFileSync(path, 'utf8'), '../dist/native.wasm', './native.wasm'),
        loader: 'js',
      };
    });
  },
};

function findKafkaWasm(): string {
  const kafka = require.resolve('@platformatic/kafka');
  const utils = createRequire(kafka).resolve('@platformatic/wasm-utils');
  return join(dirname(utils), '../dist/native.wasm');
}

function chunkName(name: string): string {
  return `${name.replaceAll(/[@/.]/g, '-').replace(/^-/, '')}.cjs`;
}

/** Runs a flow that uses what most flows use, and the steps of it once more with what that left, so that V8 can keep what it compiled. */
async function warmCaches(): Promise<void> {
  const servers = await startWarmServers();
  const folder = mkdtempSync(join(tmpdir(), 'testmesh-build-'));
  try {
    writeFileSync(join(folder, 'warm.yaml'), describeWarmFlow(servers));
    await runWarmFlow(folder, []);
    await runWarmFlow(folder, ['--only', 'get,use,sql,wait'], { TESTMESH_BUILD_CACHE: '1' });
  } finally {
    servers.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function runWarmFlow(cwd: string, flags: readonly string[], more: NodeJS.ProcessEnv = {}): Promise<void> {
  const env = { ...process.env, ...more };
  const run = promisify(execFile)(process.execPath, [join(dist, 'bin.cjs'), 'run', 'warm.yaml', ...flags], {
    cwd,
    env,
  });
  // The flow ends with steps that cannot reach their peers: only what was loaded on the way counts.
  await run.catch((error: { code?: unknown; stderr?: string }) => {
    if (error.code !== 3) throw new Error(`the build's own run of dist/bin.cjs failed: ${error.stderr}`);
  });
}

function describeWarmFlow({ httpPort, postgresPort }: WarmServers): string {
  return `
name: warm
env: { URL: "http://127.0.0.1:${httpPort}" }
steps:
  - id: get
    action: http_request
    config: { method: POST, url: "{{URL}}/x", body: { total: 59.98 } }
    assert: [status == 200, body.total == 59.98, 'body.id matches "^\\\\d$"', len(body.items) == 1]
    output: { id: $.body.id, token: { path: $.body.token, secret: true } }
  - { id: use, action: log, config: { message: "id {{id}} {{token}}" } }
  - id: sql
    action: database_query
    config: { connection: "postgres://u@127.0.0.1:${postgresPort}/x", query: "select $1::text as id", params: ["1"] }
    assert: [row_count == 1, first_row.id == "1"]
  - id: wait
    when: "id == '1'"
    action: kafka_consumer
    config: { brokers: "127.0.0.1:1", topic: t, timeout: 300ms, match: { value: { id: "{{id}}" } } }
`;
}

await buildAll();
