import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Histogram } from '../../../src/load/metrics/histogram.ts';
import type { LoadSummary } from '../../../src/load/metrics/load-summary.ts';
import { repeats } from '../../support/sample.ts';
import { type CountingServer, startCountingServer } from '../../support/servers/counting-server.ts';
import { callCommand, feed } from '../command.ts';

const inFullRun = it.runIf(repeats('further tests of segments of a load', 1, 0) > 0);

const FLOW = `
name: Orders
steps:
  - id: create
    action: http_request
    config: { method: POST, url: "{{URL}}/orders/{{VU}}/{{ITERATION}}/{{ITERATION_TOTAL}}", body: { sku: A1 } }
    assert: [status == 200, body.total == 5]
load:
  thresholds: { http_reqs: ['count>29'], http_req_duration: ['p(95)<60000'] }
`;
const THIRDS = ['0:1/3', '1/3:2/3', '2/3:1'];

let folder: string;
let server: CountingServer;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'testmesh-load-'));
  writeFileSync(join(folder, 'flow.yaml'), FLOW);
});
afterEach(async () => {
  await server?.close();
  rmSync(folder, { recursive: true, force: true });
});

const call = (...words: readonly string[]) => callCommand(['load', ...words], { cwd: folder });
const read = (name: string) => JSON.parse(readFileSync(join(folder, name), 'utf8')) as LoadSummary;
const runShard = (segment: string, name: string, ...words: readonly string[]) =>
  call(
    ...['flow.yaml', '--var', `URL=${server.url}`, '-q'],
    ...['--execution-segment', segment, '--summary-export', name, ...words],
  );

/** Runs all segments at the same time, and merges them. */
async function runSegments(words: readonly string[], segments: readonly string[] = THIRDS) {
  const names = segments.map((_, index) => `shard-${index}.json`);
  const runs = await Promise.all(segments.map((segment, index) => runShard(segment, names[index] ?? '', ...words)));
  const merged = await call('merge', ...names, '--summary-export', 'all.json');
  return { codes: runs.map(({ exitCode }) => exitCode), shards: names.map(read), merged, all: read('all.json') };
}

describe('load merge', () => {
  it.each([
    [2, 'iterations', ['--vus', '5', '--iterations', '31'], 31],
    [3, 'iterations', ['--vus', '5', '--iterations', '31'], 31],
    [5, 'iterations', ['--vus', '7', '--iterations', '31'], 31],
    [3, 'arrivals', ['--rate', '40/s', '--duration', '1s', '--pre-allocated-vus', '45'], 40],
  ] as const)('makes of %i segments the whole: %s', async (parts, _, words, count) => {
    server = await startCountingServer();
    const segments = Array.from({ length: parts }, (_none, at) => `${at}/${parts}:${at + 1}/${parts}`);
    const { codes, shards, merged, all } = await runSegments(words, segments);
    expect(codes).toEqual(segments.map(() => 0));
    expect(merged).toMatchObject({ exitCode: 0, errors: '' });
    expect(server.requests).toBe(count);
    const sum = (metric: string) => all.metrics[metric]?.values['count'];
    expect(sum('http_reqs')).toBe(count);
    expect(sum('iterations')).toBe(count);
    expect(sum('data_sent')).toBe(server.bytes.received);
    expect(sum('data_received')).toBe(server.bytes.sent);
    expect(all.scenarios).toMatchObject([{ iterations: count, failed: 0, dropped: 0 }]);
    expect(all.checks.map(({ passes }) => passes)).toEqual([count, count]);
    expect(all.thresholds.map(({ passed, value }) => [passed, value !== null])).toEqual([
      [true, true],
      [true, true],
    ]);
    // Each iteration has a number of its own among all.
    const turns = server.paths.map((path) => path.split('/').slice(2, 4).join('/'));
    expect(new Set(turns).size).toBe(count);
    // Histograms add up exactly.
    const histogram = new Histogram();
    for (const { series } of shards)
      for (const one of series)
        if (one.metric === 'http_req_duration' && one.histogram) histogram.addAll(Histogram.from(one.histogram));
    const own = all.series.filter(({ metric }) => metric === 'http_req_duration');
    expect(own).toHaveLength(1);
    expect(own[0]?.histogram).toEqual(histogram.toJSON());
  });

  inFullRun('judges thresholds over all alone, and failed checks too', async () => {
    server = await startCountingServer((_, count) => (count === 7 ? 500 : 200));
    const { codes, merged, all } = await runSegments(['--vus', '3', '--iterations', '12']);
    expect(codes.filter((code) => code === 99)).toHaveLength(1);
    expect(merged.exitCode).toBe(99);
    expect(all.thresholds[0]).toMatchObject({ metric: 'http_reqs', passed: false, value: 12 });
    const words = ['shard-0.json', 'shard-1.json', 'shard-2.json', '--no-thresholds'];
    expect((await call('merge', ...words)).output).toContain('1 step failed, and no threshold judges that');
    expect(
      (await call('merge', ...words, '--threshold', 'http_req_failed:rate<0.1', '--threshold', 'checks:rate>0.9'))
        .exitCode,
    ).toBe(0);
    const wrong = await call('merge', ...words, '--threshold', 'http_req_fialed:rate<0.1');
    expect(wrong).toMatchObject({ exitCode: 2, errors: expect.stringContaining('did you mean `http_req_failed`?') });
    const untagged = await call('merge', ...words, '--threshold', 'iterations{step:get}:count>0');
    expect(untagged).toMatchObject({ exitCode: 2, errors: expect.stringContaining('`iterations` has no tag `step`') });
  });

  it('reads them from a log on standard input', async () => {
    server = await startCountingServer();
    const words = ['flow.yaml', '--var', `URL=${server.url}`, '-q', '--iterations', '40', '--vus', '4'];
    const runs = await Promise.all(
      THIRDS.map((segment) => call(...words, '--execution-segment', segment, '--summary-mode', 'chunks')),
    );
    const log = runs.map(({ output }) => output);
    expect(
      Math.max(
        ...log
          .join('')
          .split('\n')
          .map(({ length }) => length),
      ),
    ).toBeLessThanOrEqual(8192);
    const merge = (...input: readonly string[]) =>
      callCommand(['load', 'merge', '-'], { cwd: folder, input: feed(...input) });
    const merged = await merge('starting\n', ...log);
    expect(merged).toMatchObject({ exitCode: 0, output: expect.stringContaining('✓ 40 iterations') });
    expect((await merge(log[0] ?? '', log[2] ?? '')).errors).toContain('segment 1/3:2/3 is missing');
    expect((await merge('nothing\n')).errors).toContain('holds neither a summary nor lines');
  });

  it('names what is missing, doubled or foreign', async () => {
    server = await startCountingServer();
    const { codes } = await runSegments(['--iterations', '30', '--vus', '3']);
    expect(codes).toEqual([0, 0, 0]);
    await runShard('0:1/3', 'other.json', '--iterations', '60', '--vus', '3');
    await runShard('0:1/2', 'half.json', '--iterations', '30', '--vus', '3');
    await call('flow.yaml', '--var', `URL=${server.url}`, '-q', '--iterations', '30', '--summary-export', 'whole.json');
    writeFileSync(join(folder, 'no.json'), '{"a": 1}');
    const cases: readonly (readonly [readonly string[], string])[] = [
      [['shard-0.json', 'shard-1.json'], 'segment 2/3:1 is missing'],
      [
        ['shard-0.json', 'shard-1.json', 'shard-2.json', 'shard-1.json'],
        'segment 1/3:2/3 is there 2 times: shard-1.json, shard-1.json',
      ],
      [['shard-0.json', 'other.json'], 'other.json (segment 0:1/3) is of another load than shard-0.json'],
      [['shard-0.json', 'half.json'], 'half.json (segment 0:1/2) is cut by 0,1/2,1, and shard-0.json by 0,1/3,2/3,1'],
      [['whole.json'], 'it is the summary of a whole load'],
      [['no.json'], 'it is no summary of `testmesh load`'],
      [['absent.json'], 'absent.json'],
      [[], 'there is nothing to merge'],
    ];
    for (const [names, message] of cases) {
      const { exitCode, errors } = await call('merge', ...names);
      expect([exitCode, errors]).toEqual([2, expect.stringContaining(message)]);
    }
  });
});

describe('a segment that ended otherwise than the others', () => {
  const run = (segment: string, name: string, setup: string) =>
    call(
      ...['ending.yaml', '--var', `URL=${server.url}`, '--var', `SETUP=${setup}`, '-q'],
      ...['--execution-segment', segment, '--summary-export', name],
    );
  beforeEach(async () => {
    server = await startCountingServer(({ url }) => (url === '/2' ? 500 : 200));
    writeFileSync(
      join(folder, 'ending.yaml'),
      `
name: Ending
setup:
  - { id: before, action: http_request, config: { url: "{{SETUP}}" }, assert: [status == 200] }
steps:
  - { id: get, action: http_request, config: { url: "{{URL}}/{{VU}}" }, assert: [status == 200] }
load:
  vus: 2
  duration: 3s
  think: 100ms
  thresholds: { http_req_failed: [{ threshold: 'rate<0.9', abort_on_fail: true }] }
`,
    );
  });

  inFullRun('by a threshold makes it crossed, whatever the others measured', async () => {
    const runs = await Promise.all([run('0:1/2', 'a.json', server.url), run('1/2:1', 'b.json', server.url)]);
    expect(runs.map(({ exitCode }) => exitCode)).toEqual([0, 99]);
    const { exitCode, output } = await call('merge', 'a.json', 'b.json');
    expect([exitCode, output]).toEqual([99, expect.stringContaining('in segment 1/2:1, ended the run')]);
  });

  inFullRun('by its setup is named, and the load came to nothing', async () => {
    const runs = await Promise.all([run('0:1/2', 'a.json', server.url), run('1/2:1', 'b.json', 'http://127.0.0.1:1')]);
    expect(runs.map(({ exitCode }) => exitCode)).toEqual([0, 3]);
    const { exitCode, output } = await call('merge', 'a.json', 'b.json');
    expect([exitCode, output]).toEqual([
      3,
      expect.stringContaining('segment 1/2:1: the setup of flow "Ending" errored'),
    ]);
  });
});

describe('load --execution-segment', () => {
  it('says what would run here', async () => {
    const { output } = await call(
      'flow.yaml',
      '--vus',
      '10',
      '-i',
      '31',
      '--dry-run',
      '--execution-segment',
      '1/3:2/3',
      '--var',
      'URL=x',
    );
    expect(output).toContain('segment 1/3:2/3: 9 of 31 iterations by 3 of 10 VUs');
  });

  it('refuses a rate without a virtual user here', async () => {
    const words = ['flow.yaml', '--rate', '5/s', '--duration', '1s', '--pre-allocated-vus', '2', '--var', 'URL=x'];
    const { exitCode, errors } = await call(...words, '--execution-segment', '2/3:1');
    expect([exitCode, errors]).toEqual([
      2,
      expect.stringContaining('has 2 virtual users at most, and none of them in segment 2/3:1'),
    ]);
  });
});

describe('load --start-at', () => {
  it('waits until then, and says that a time is over', async () => {
    server = await startCountingServer();
    const startAt = new Date(Date.now() + 700).toISOString();
    const words = ['flow.yaml', '--var', `URL=${server.url}`, '--no-thresholds', '--iterations', '1'];
    const { exitCode, errors } = await call(...words, '--start-at', startAt);
    expect(Date.now()).toBeGreaterThanOrEqual(Date.parse(startAt));
    expect([exitCode, errors]).toEqual([0, expect.stringContaining(`the load begins at ${startAt}, in`)]);
    expect((await call(...words, '--start-at', '2020-01-01T00:00:00Z')).errors).toContain(
      'ago: the load begins at once',
    );
    expect(await call(...words, '--start-at', 'noon')).toMatchObject({ exitCode: 2 });
  });
});
