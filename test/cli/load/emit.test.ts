import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Job, type Manifest, openPods, readManifest } from '../../support/pods.ts';
import { repeats } from '../../support/sample.ts';
import { type CountingServer, startCountingServer } from '../../support/servers/counting-server.ts';
import { writeFiles } from '../../support/write-files.ts';
import { callCommand, feed } from '../command.ts';

const inFullRun = it.runIf(repeats('further tests of jobs of a load', 1, 0) > 0);

const FLOW = `
name: Orders
secrets: [API_TOKEN]
env: { URL: "\${URL}", API_TOKEN: "\${API_TOKEN}" }
setup:
  - { id: login, action: http_request, config: { method: POST, url: "{{URL}}/login", body: { key: "{{API_TOKEN}}" } }, output: { shop: $.id } }
steps:
  - id: create
    action: http_request
    config: { method: POST, url: "{{URL}}/orders/{{shop}}/{{VU}}/{{ITERATION_TOTAL}}", body: { key: "{{API_TOKEN}}", code: "$$(URL)" } }
    assert: [status == 200, body.total == 5]
teardown:
  - { id: logout, action: http_request, config: { url: "{{URL}}/logout/{{shop}}" } }
load:
  thresholds: { http_reqs: ['count>29'], 'checks': ['rate==1'] }
`;
const TOKEN = 'q8Zk-Wm3r-T5vN';

let folder: string;
let server: CountingServer;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'testmesh-emit-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));
beforeEach(async () => {
  server = await startCountingServer();
});
afterEach(() => server.close());

function write(files: Readonly<Record<string, string | Buffer>>): string {
  const cwd = mkdtempSync(join(folder, 'project-'));
  writeFiles(cwd, files);
  return cwd;
}

interface Given {
  readonly cwd: string;
  readonly env?: Record<string, string>;
}

const emit = (words: readonly string[], { cwd, env = {} }: Given) =>
  callCommand(['load', ...words, '--emit', 'kubernetes'], { cwd, env });

/** Runs all pods of a job at the same time, and gives what each printed. */
async function runJob(manifest: Manifest, job: Job | undefined, about: Parameters<typeof openPods>[2]) {
  if (!job) throw new Error('there is no such job');
  return Promise.all(openPods(manifest, job, about).map(({ words, ...pod }) => callCommand(words, pod)));
}

const merge = (...logs: readonly string[]) => callCommand(['load', 'merge', '-'], { input: feed(...logs) });
const count = (start: string): number => server.paths.filter((path) => path.startsWith(start)).length;
const AMOUNT = ['--vus', '6', '--iterations', '31'];

describe('load --emit kubernetes', () => {
  it('writes jobs whose pods do the work of one, behind one setup and before one teardown', async () => {
    const cwd = write({ 'flows/orders.yaml': FLOW });
    const words = [...AMOUNT, '--var', `URL=${server.url}`, '--shards', '3', '--volume', 'load-data'];
    const emitted = await emit(['flows/orders.yaml', ...words], { cwd, env: { API_TOKEN: TOKEN } });
    expect(emitted.exitCode).toBe(0);
    expect(server.requests).toBe(0);
    const manifest = readManifest(emitted.output);
    const [setup, load, teardown] = manifest.jobs;
    expect(manifest.jobs).toHaveLength(3);
    const about = { secret: { API_TOKEN: TOKEN }, data: mkdtempSync(join(folder, 'data-')) };
    // The pods are there before setup has run.
    const running = runJob(manifest, load, about);
    expect(await runJob(manifest, setup, about)).toMatchObject([{ exitCode: 0 }]);
    const pods = await running;
    expect(pods.map(({ exitCode }) => exitCode)).toEqual([0, 0, 0]);
    expect(await runJob(manifest, teardown, about)).toMatchObject([{ exitCode: 0 }]);
    expect([count('/login'), count('/orders/'), count('/logout/')]).toEqual([1, 31, 1]);
    const totals = server.paths.flatMap((path) => (path.startsWith('/orders') ? [Number(path.split('/')[4])] : []));
    expect(totals.sort((a, b) => a - b)).toEqual(Array.from({ length: 31 }, (_, at) => at));
    const logs = pods.map(({ output, errors }) => errors + output);
    expect(
      Math.max(
        ...logs
          .join('')
          .split('\n')
          .map(({ length }) => length),
      ),
    ).toBeLessThanOrEqual(8192);
    const merged = await merge(...logs);
    expect(merged).toMatchObject({ exitCode: 0, output: expect.stringContaining('✓ 31 iterations') });
    // What they kept on the volume says the same.
    const name = load?.metadata.name ?? '';
    const kept = [0, 1, 2].map((at) => join(about.data, name, `shard-${at}.json`));
    expect(await callCommand(['load', 'merge', ...kept])).toEqual(merged);
    expect((await merge(logs[0] ?? '', logs[2] ?? '')).errors).toContain('segment 1/3:2/3 is missing');
    expect(emitted.output + emitted.errors + logs.join('')).not.toContain(TOKEN);
  });

  inFullRun('has each pod run setup and teardown where they have no volume, and says so', async () => {
    const cwd = write({ 'orders.yaml': FLOW });
    const given = { cwd, env: { API_TOKEN: TOKEN, URL: server.url } };
    const { output, errors } = await emit(['orders.yaml', ...AMOUNT, '--shards', '2'], given);
    expect(errors).toContain('each of the 2 pods runs setup and teardown for itself: with `--volume` they run once');
    const manifest = readManifest(output);
    expect(manifest.jobs).toHaveLength(1);
    const pods = await runJob(manifest, manifest.jobs[0], { secret: { API_TOKEN: TOKEN }, data: folder });
    expect([count('/login'), count('/orders/'), count('/logout/')]).toEqual([2, 31, 2]);
    expect((await merge(...pods.map((pod) => pod.output))).exitCode).toBe(0);
  });

  inFullRun('gives one exit code for a check that fails in one pod', async () => {
    await server.close();
    server = await startCountingServer((_, at) => (at === 7 ? 500 : 200));
    const cwd = write({ 'orders.yaml': FLOW.replace("'checks': ['rate==1']", '').replace(/load:.*/s, '') });
    const given = { cwd, env: { API_TOKEN: TOKEN, URL: server.url } };
    const manifest = readManifest((await emit(['orders.yaml', ...AMOUNT, '--shards', '3'], given)).output);
    const pods = await runJob(manifest, manifest.jobs[0], { secret: { API_TOKEN: TOKEN }, data: folder });
    expect(pods.map(({ exitCode }) => exitCode).sort()).toEqual([0, 0, 99]);
    expect((await merge(...pods.map(({ output }) => output))).exitCode).toBe(99);
  });

  inFullRun('brings what flows read, from wherever they stand', async () => {
    const cwd = write({
      'here/flows/a.yaml': `
name: A
env_file: ../../shop.env
data: rows.csv
steps:
  - { id: sub, action: run_flow, config: { flow: ../../shared/log in.yaml } }
  - id: send
    action: http_request
    config: { method: POST, url: "{{URL}}/{{sku}}/{{len(file('note.txt'))}}", multipart: { photo: { file: ../pixel.bin } }, headers: { x: "{{SHOP_PASSWORD}}" } }
    assert: [status == 200, 'matches_schema(body, "answer.json")']
`,
      'here/flows/rows.csv': 'sku\nA1\nB2\n',
      'here/flows/note.txt': 'four',
      'here/flows/answer.json': '{"type": "object", "required": ["id"]}',
      'here/flows/unread.txt': 'nobody reads this',
      'here/pixel.bin': Buffer.from([0, 255, 254, 1]),
      'shared/log in.yaml':
        'name: Log in\nsteps:\n  - { id: ask, action: http_request, config: { url: "{{URL}}/login" } }\n',
      'shop.env': `SHOP_PASSWORD=${TOKEN}\n`,
    });
    const given = { cwd: join(cwd, 'here') };
    const words = ['flows', '--var', `URL=${server.url}`, '--iterations', '4', '--vus', '2'];
    const { output, exitCode, errors } = await emit(words, given);
    expect([exitCode, errors]).toEqual([0, expect.stringContaining('the pods read shop.env from the Secret')]);
    expect(output).toContain('--from-file=shop.env=../shop.env');
    expect(output).not.toContain(TOKEN);
    const manifest = readManifest(output);
    expect(Object.keys(manifest.configMap.data).sort()).toEqual([
      'here_flows_a.yaml',
      'here_flows_answer.json',
      'here_flows_note.txt',
      'here_flows_rows.csv',
      'shared_log_in.yaml',
    ]);
    expect(manifest.configMap.binaryData).toEqual({ 'here_pixel.bin': 'AP/+AQ==' });
    const secret = { 'shop.env': `SHOP_PASSWORD=${TOKEN}\n` };
    const [pod] = await runJob(manifest, manifest.jobs[0], { secret, data: folder });
    expect(pod?.output.match(/testmesh-shard/g)).toHaveLength(1);
    expect(pod).toMatchObject({ exitCode: 0 });
    expect([...server.paths].sort()).toEqual(['/A1/4', '/A1/4', '/B2/4', '/B2/4', ...Array(4).fill('/login')]);
  });

  it('gives pods the values that it was given, exactly', async () => {
    const flow = `
name: Values
env: { URL: "\${URL}", COUNT: 1, NOTE: none, DEEP: "\${DEEP}", LONG_KEY: "\${LONG_KEY}" }
steps:
  - { id: s, action: http_request, config: { method: POST, url: "{{URL}}/v", headers: { x: '{{toBase64(toJSON([COUNT, NOTE, DEEP, LONG_KEY, plain, typed, FROM_FILE]))}}' } }, assert: [status == 200] }
`;
    const cwd = write({
      'v.yaml': flow,
      'vars.yaml': 'plain: "$(URL) $$ $x"\n',
      '.env': 'FROM_FILE=file\nNOTE=no\n',
    });
    const values = {
      URL: server.url,
      DEEP: '$(HOME)',
      TESTMESH_VAR_LONG_KEY: `${TOKEN}-$(X)`,
      OTHER_SECRET_KEY: 'nobody-reads-12345',
    };
    const words = ['v.yaml', '--var-file', 'vars.yaml', '--env-file', '.env', '--var', 'typed:={"a": [1.50, "$"]}'];
    const more = ['--start-at', '2020-01-31T10:00:00Z', '--secret', `COUNT=7`, '--iterations', '1', '--vus', '1'];
    const seen: string[] = [];
    await server.close();
    server = await startCountingServer((request) => {
      seen.push(String(request.headers['x']));
      return 200;
    });
    const env = { ...values, URL: server.url };
    const { output, exitCode } = await emit([...words, ...more], { cwd, env });
    expect(exitCode).toBe(0);
    expect(output).not.toContain(TOKEN);
    expect(output).not.toContain('OTHER_SECRET_KEY');
    const manifest = readManifest(output);
    const secret = {
      COUNT: '7',
      LONG_KEY: values.TESTMESH_VAR_LONG_KEY,
      DEEP: '$(HOME)',
      plain: '$(URL) $$ $x',
      typed: '{"a":[1.50,"$"]}',
    };
    const [pod] = await runJob(manifest, manifest.jobs[0], { secret, data: folder });
    expect(pod).toMatchObject({ exitCode: 0 });
    await callCommand(['load', ...words, ...more], { cwd, env });
    expect(seen).toHaveLength(2);
    expect(seen[0]).toBe(seen[1]);
  });

  it('shows how the jobs are written', async () => {
    const cwd = write({ 'flows/orders.yaml': FLOW });
    const amount = ['--stage', '10s:5,20s:0', '--threshold', 'http_req_duration{step:create}:p(95)<500', '--seed', '7'];
    const where = ['--volume', 'load-data', '--image', 'shop/testmesh:1', '--start-at', '2030-01-31T10:00:00Z'];
    const out = [
      '--out',
      'influxdb=http://ada:Tr0ub4dor@influx:8086/k6',
      '--tag',
      'testid=Nightly 7',
      '--tag',
      'team=$shop',
    ];
    const words = ['flows/orders.yaml', '--shards', '3', '--var', 'URL=http://shop', ...amount, ...where, ...out];
    const { output, errors } = await emit(words, { cwd, env: { API_TOKEN: TOKEN } });
    await expect(`${output}\n${errors}`).toMatchFileSnapshot('golden/jobs-of-kubernetes.txt');
  });
});

describe('what --emit refuses', () => {
  const flow = 'name: F\nsteps:\n  - { id: s, action: http_request, config: { url: "{{URL}}" } }\n';
  it.each<readonly [string, readonly string[], string, Readonly<Record<string, string>>]>([
    ['a segment', ['--execution-segment', '0:1/2'], '`--execution-segment` is given to each pod as it needs it', {}],
    ['a file of setup', ['--setup-data', 's.json'], '`--setup-data` is given to each pod as it needs it', {}],
    [
      'an output in the pod',
      ['--out', 'json=s.ndjson'],
      'what `--out json=s.ndjson` writes would be gone with its pod',
      {},
    ],
    [
      'more pods than users of a rate',
      ['--rate', '5/s', '--duration', '1s', '--pre-allocated-vus', '2', '--shards', '3'],
      'none of them in segment 2/3:1',
      {},
    ],
    ['a strange target', [], '--emit: expected `kubernetes`, got `docker`', { emit: 'docker' }],
    [
      'a secret in the file',
      [],
      'which hides nothing',
      { 'flow.yaml': flow.replace('steps', 'env: { API_TOKEN: q8Zk-Wm3r-T5vN }\nsteps') },
    ],
    [
      'a declared secret in the file',
      [],
      '`PIN` is a secret of the flow, and its value stands in the file',
      { 'flow.yaml': flow.replace('steps', 'secrets: [PIN]\nenv: { PIN: "1234" }\nsteps') },
    ],
    [
      'a declared secret of a flow in the files that does not run',
      ['--scenario', 'a'],
      '`PIN` is a secret of the flow, and its value stands in the file',
      {
        'flow.yaml': `${flow}scenarios: { a: { executor: per-vu-iterations, vus: 1, iterations: 1 } }\n`,
        'other.yaml': flow.replace('name: F', 'name: Other\nsecrets: [PIN]\nenv: { PIN: "1234" }'),
      },
    ],
    [
      'a secret in the data',
      [],
      '`pin` is a secret of the flow, and its values stand in `data`',
      { 'flow.yaml': flow.replace('steps', 'secrets: [pin]\ndata: [{ pin: "1234" }]\nsteps') },
    ],
    [
      'too many bytes',
      [],
      'a ConfigMap takes 1 MB, and the files have 1.2 MB',
      { 'flow.yaml': flow.replace('steps', 'data: big.csv\nsteps'), 'big.csv': `a\n${'x'.repeat(1_300_000)}\n` },
    ],
    [
      'services',
      [],
      'each pod would start `shop` of testmesh.yaml for itself',
      {
        'testmesh.yaml':
          'services:\n  shop: { command: "node shop.js", url: http://127.0.0.1:9, ready: { log: up } }\n',
        'flow.yaml': flow.replace('{{URL}}', '{{services.shop.url}}'),
      },
    ],
  ])('%s', async (_, words, expected, { emit: what = 'kubernetes', ...files }) => {
    const cwd = write({ 'flow.yaml': flow, ...files });
    const given = { cwd, env: {} };
    const result = await callCommand(['load', '.', '--var', 'URL=http://127.0.0.1:9', ...words, '--emit', what], given);
    expect(result).toMatchObject({ exitCode: 2, output: '', errors: expect.stringContaining(expected) });
    expect(result.errors).not.toContain(TOKEN);
  });

  it.each<readonly [readonly string[], string]>([
    [['--image', 'x'], '`--image` and `--volume` are of pods'],
    [['--shards', '3'], 'JOB_COMPLETION_INDEX says which of them this is, from 0 to 2, and it is not set'],
    [
      ['--shards', '3', '--execution-segment', '0:1/3'],
      '`--shards` and `--execution-segment` both say which part is run',
    ],
  ])('%j where nothing is written', async (words, expected) => {
    const cwd = write({ 'flow.yaml': flow });
    const result = await callCommand(['load', 'flow.yaml', '--var', 'URL=http://127.0.0.1:9', ...words], { cwd });
    expect(result).toMatchObject({ exitCode: 2, errors: expect.stringContaining(expected) });
  });
});
