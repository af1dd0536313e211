import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Manifest, openPods, readManifest } from '../../support/pods.ts';
import { sample } from '../../support/sample.ts';
import { type CountingServer, startCountingServer } from '../../support/servers/counting-server.ts';
import { writeFiles } from '../../support/write-files.ts';
import { callCommand } from '../command.ts';

const TOKEN = 'q8Zk-Wm3r-T5vN';
const flow = (name: string, more = '') => `
name: ${name}
tags: [smoke]
secrets: [API_TOKEN]
env: { URL: "\${URL}", API_TOKEN: "\${API_TOKEN}" }
${more}steps:
  - { id: send, action: http_request, config: { method: POST, url: "{{URL}}/${name}", body: { key: "{{API_TOKEN}}" } }, assert: [status == 200] }
`;
const ROWS = flow('yes', 'data: rows.csv\n').replace('/yes"', '/yes/{{sku}}"');
const FILES = {
  'flows/a.yaml': flow('a'),
  'flows/b.yaml': flow('b'),
  'flows/c.yaml': `${flow('c')}---${flow('d')}`,
  'flows/slow.yaml': flow('slow').replace('smoke', 'slow'),
  'flows/yes.yaml': ROWS,
  'flows/rows.csv': 'sku\non\nno\n1e3\n',
};
/** Each flow once, and each row of one. */
const ALL = ['/a', '/b', '/c', '/d', '/yes/1e3', '/yes/no', '/yes/on'];

let folder: string;
let server: CountingServer;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'testmesh-emit-run-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));
beforeEach(async () => {
  server = await startCountingServer();
});
afterEach(() => server.close());

function write(files: Readonly<Record<string, string>>): string {
  const cwd = mkdtempSync(join(folder, 'project-'));
  writeFiles(cwd, files);
  return cwd;
}

const emit = (cwd: string, words: readonly string[], env: Record<string, string> = { API_TOKEN: TOKEN }) =>
  callCommand(['run', ...words, '--emit', 'kubernetes'], { cwd, env });

/** Runs all pods of the job at the same time, and gives what each printed. */
async function runJob(manifest: Manifest, data = folder) {
  const [job] = manifest.jobs;
  if (!job) throw new Error('there is no job');
  const pods = openPods(manifest, job, { secret: { API_TOKEN: TOKEN }, data });
  return Promise.all(pods.map(({ words, ...pod }) => callCommand(words, pod)));
}

describe('run --emit kubernetes', () => {
  it.each(sample('numbers of pods', [3, 1, 2, 9], { count: 1 }))(
    'writes a job of %i pods that run each flow and row once',
    async (count) => {
      const cwd = write(FILES);
      const words = ['flows', '--tags', 'smoke', '--var', `URL=${server.url}`, '--shards', String(count)];
      const emitted = await emit(cwd, words);
      expect(emitted.exitCode, emitted.errors).toBe(0);
      expect(server.requests).toBe(0);
      const manifest = readManifest(emitted.output);
      expect(manifest.jobs).toHaveLength(1);
      const pods = await runJob(manifest);
      expect(pods.map(({ exitCode, errors }) => [exitCode, errors.replace(/^note: this shard .*\n/, '')])).toEqual(
        Array(count).fill([0, '']),
      );
      expect([...server.paths].sort()).toEqual(ALL);
      expect(JSON.stringify([emitted, pods])).not.toContain(TOKEN);
    },
  );

  it('gives each file as it is to readers of YAML 1.1', async () => {
    const cwd = write(FILES);
    const { configMap } = readManifest((await emit(cwd, ['flows', '--var', 'URL=http://on'])).output);
    expect(configMap.data).toEqual(
      Object.fromEntries(Object.entries(FILES).map(([name, text]) => [name.replace('/', '_'), text])),
    );
  });

  it('leaves what came of a pod to its exit code and its log', async () => {
    await server.close();
    server = await startCountingServer(({ url }) => (url === '/b' ? 500 : 200));
    const cwd = write(FILES);
    const words = ['flows/a.yaml', 'flows/b.yaml', 'flows/c.yaml', '--var', `URL=${server.url}`, '--shards', '4'];
    const pods = await runJob(readManifest((await emit(cwd, words)).output));
    expect(pods.map(({ exitCode }) => exitCode)).toEqual([0, 1, 0, 0]);
    expect(pods[1]?.output).toContain('status == 200');
  });

  it('keeps records and reports of each pod on a volume', async () => {
    const cwd = write(FILES);
    const reports = ['--reporter', 'tree', '--reporter', 'junit=../out/report.xml', '--volume', 'shop'];
    const words = ['flows', '--tags', 'smoke', '--var', `URL=${server.url}`, '--shards', '2', ...reports];
    const manifest = readManifest((await emit(cwd, words)).output);
    const data = mkdtempSync(join(folder, 'data-'));
    await runJob(manifest, data);
    const kept = join(data, manifest.jobs[0]?.metadata.name ?? '');
    expect(readdirSync(kept).sort()).toEqual(['shard-0', 'shard-1']);
    const texts = [0, 1].map((at) => readFileSync(join(kept, `shard-${at}`, 'out/report.xml'), 'utf8'));
    expect(texts.flatMap((text) => text.match(/<testsuite /g) ?? [])).toHaveLength(ALL.length);
    expect(readdirSync(join(kept, 'shard-1', 'runs'))).toHaveLength(1);
  });

  it('names jobs of long names apart, and short enough', async () => {
    const cwd = write({
      'long.yaml': flow('Long', 'id: an_order_of_a_user_from_the_basket_to_its_door_with_events\n'),
    });
    const words = ['long.yaml', '--var', 'URL=http://shop'];
    const given = { cwd, env: { API_TOKEN: TOKEN } };
    const load = await callCommand(
      ['load', ...words, '--vus', '1', '--iterations', '1', '--emit', 'kubernetes'],
      given,
    );
    for (const { output } of [await emit(cwd, words), load]) {
      const name = readManifest(output).jobs[0]?.metadata.name ?? '';
      expect(name).toMatch(/^[a-z][-a-z]+-\d{8}-\d{6}-[\da-f]{4}$/);
      expect(name.length).toBeLessThan(58);
    }
  });

  it('shows how the job is written', async () => {
    const cwd = write(FILES);
    const choice = ['--tags', 'smoke', '--grep', '^[a-e]$|yes|\\$(URL)', '--row', '2-3'];
    const order = ['--workers', '4', '--shuffle=7', '--repeat-each', '2', '--retries', '1', '--bail', '3'];
    const rest = [
      '--slowest',
      '5',
      '--fail-on-flaky',
      '--timeout',
      '1m',
      '--step-timeout',
      '10s',
      '-vv',
      '--seed',
      '7',
    ];
    const where = ['--shards', '9', '--var', 'URL=http://shop', '--secret', `API_TOKEN=${TOKEN}`];
    const { output, errors } = await emit(cwd, ['flows', ...choice, ...order, ...rest, ...where], {});
    expect(output).not.toContain(TOKEN);
    const text = `${output}\n${errors}`.replaceAll(/\d{8}-\d{6}-[\da-f]{4}/g, '20300131-100000-1a9d');
    await expect(text).toMatchFileSnapshot('golden/job-of-kubernetes.txt');
  });
});

describe('what run --emit refuses', () => {
  it.each<readonly [readonly string[], number, string, Readonly<Record<string, string>>]>([
    [['--shard', '1/2'], 2, '`--shard` is given to each pod as it needs it', {}],
    [['--last-failed'], 2, '`--last-failed` reads records of earlier runs, which pods do not have', {}],
    [['--only', 'send'], 2, '`--only` reads records of earlier runs', {}],
    [['--only-changed'], 2, '`--only-changed` asks git, which pods do not have', {}],
    [['--durations', 'x.ndjson'], 2, '`--durations` is not brought to pods', {}],
    [['--reporter', 'junit=r.xml'], 2, 'what `--reporter junit=r.xml` writes would be gone with its pod', {}],
    [['--reporter', 'junit', '--reporter', 'tree'], 2, 'would both write to standard output', {}],
    [['--grep', TOKEN, '--pass-with-no-tests'], 2, '`--grep` holds a secret', {}],
    [['--tags', 'none', '--pass-with-no-tests'], 4, 'there is no flow for pods to run', {}],
    [
      ['--grep', 'f'],
      2,
      '`PIN` is a secret of the flow, and its value stands in the file',
      { 'other.yaml': flow('other').replace('[API_TOKEN]\nenv: {', '[API_TOKEN, PIN]\nenv: { PIN: "1234",') },
    ],
    [
      [],
      2,
      'each pod would start `shop` of testmesh.yaml for itself',
      {
        'testmesh.yaml':
          'services:\n  shop: { command: "node shop.js", url: http://127.0.0.1:9, ready: { log: up } }\n',
        'flow.yaml': flow('f').replace('{{URL}}', '{{services.shop.url}}'),
      },
    ],
  ])('%j', async (words, exitCode, expected, files) => {
    const cwd = write({ 'flow.yaml': flow('f'), 'r.xml': 'of an earlier run', ...files });
    const all = ['.', '--var', 'URL=http://127.0.0.1:9', ...words];
    const result = await emit(cwd, all);
    expect(result).toMatchObject({ exitCode, output: '', errors: expect.stringContaining(expected) });
    expect(readFileSync(join(cwd, 'r.xml'), 'utf8')).toBe('of an earlier run');
  });

  it.each<readonly [readonly string[], string, Record<string, string>]>([
    [['--image', 'x'], '`--image` and `--volume` are of pods', {}],
    [['--shards', '3'], 'JOB_COMPLETION_INDEX says which of them this is, from 0 to 2, and it is not set', {}],
    [['--shards', '3', '--shard', '1/3'], '`--shards` and `--shard` both say which part is run', {}],
    [['--shards', '2'], 'from 0 to 1, and it is `2`', { JOB_COMPLETION_INDEX: '2' }],
  ])('%j where nothing is written', async (words, expected, env) => {
    const cwd = write({ 'flow.yaml': flow('f') });
    const result = await callCommand(['run', 'flow.yaml', ...words], { cwd, env });
    expect(result).toMatchObject({ exitCode: 2, errors: expect.stringContaining(expected) });
  });
});
