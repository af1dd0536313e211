import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { LoadSummary } from '../../../src/load/metrics/load-summary.ts';
import { repeats } from '../../support/sample.ts';
import { type CountingServer, startCountingServer } from '../../support/servers/counting-server.ts';
import { callCommand } from '../command.ts';

const inFullRun = it.runIf(repeats('further tests of short loads on the real clock', 1, 0) > 0);

const FLOW =
  'name: One\nsteps:\n  - { id: get, action: http_request, config: { url: "{{URL}}/{{VU}}" }, assert: [status == 200] }\n';

let folder: string;
let server: CountingServer;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'testmesh-load-'));
  writeFileSync(join(folder, 'flow.yaml'), FLOW);
});
afterEach(async () => {
  await server.close();
  rmSync(folder, { recursive: true, force: true });
});

async function load(...words: readonly string[]) {
  const flags = ['--var', `URL=${server.url}`, '--summary-export', 's.json', '-o', 'json=s.ndjson'];
  const { exitCode } = await callCommand(['load', 'flow.yaml', ...flags, ...words], { cwd: folder });
  const summary = JSON.parse(readFileSync(join(folder, 's.json'), 'utf8')) as LoadSummary;
  return { exitCode, summary };
}

function readPoints(wanted: string): readonly { readonly atMs: number; readonly value: number }[] {
  const lines = readFileSync(join(folder, 's.ndjson'), 'utf8').trim().split('\n');
  return lines
    .map((line) => JSON.parse(line))
    .filter(({ type, metric }) => type === 'Point' && metric === wanted)
    .map(({ data }) => ({ atMs: Date.parse(data.time), value: data.value }));
}

/** When iterations began by the generator's own clock, which their requests tell: ms since 1970. */
const readBeginnings = (): readonly number[] =>
  server.paths.map((path) => Date.parse(decodeURIComponent(path.slice(1)))).sort((a, b) => a - b);

/** The most by which the beginnings are behind a plan of 200 at 100 a second, beyond 1 %; its start is taken to be as late as they allow. */
function findMostBehind(beginnings: readonly number[]): number {
  const startedAt = Math.min(...beginnings.map((at, index) => at - index * 10));
  return Math.max(
    ...beginnings.map((at, index) => {
      const due = Math.min(200, Math.floor((at - startedAt) / 10));
      return due - index - due / 100;
    }),
  );
}

const AT_ONCE = 'name: One\nsteps:\n  - { id: get, action: http_request, config: { url: "{{URL}}/{{now()}}" } }\n';
const ARRIVALS = ['--rate', '100/s', '--duration', '2s', '--pre-allocated-vus', '30', '--max-vus', '200'];

describe('a short run on the real clock', () => {
  it('keeps to a constant rate: never more than 1 % and 2 behind, while the generator calls itself healthy', async () => {
    server = await startCountingServer();
    writeFileSync(join(folder, 'flow.yaml'), AT_ONCE);
    const { exitCode, summary } = await load(...ARRIVALS);
    expect(exitCode).toBe(0);
    const beginnings = readBeginnings();
    const dropped = summary.metrics['dropped_iterations']?.values['count'] ?? 0;
    expect(beginnings.length + dropped).toBe(200);
    const isOnPlan = dropped === 0 && findMostBehind(beginnings) <= 2;
    expect([isOnPlan || summary.generator.saturated, summary.generator]).toEqual([true, summary.generator]);
  });

  inFullRun(
    'says by how much arrivals were behind where the generator was kept from them, and counts from when they were meant',
    async () => {
      const busyMs = 400;
      server = await startCountingServer((_, count) => {
        const until = performance.now() + (count === 20 ? busyMs : 0);
        while (performance.now() < until);
        return 200;
      });
      writeFileSync(join(folder, 'flow.yaml'), AT_ONCE);
      const { summary } = await load(...ARRIVALS);
      const planned = busyMs / 10 - 1;
      expect(findMostBehind(readBeginnings())).toBeGreaterThanOrEqual(planned - 2);
      expect(summary.generator.saturated).toBe(true);
      const said = /arrivals were up to (\d+) behind their plan/.exec(summary.generator.notes.join('\n'));
      expect(Number(said?.[1])).toBeGreaterThanOrEqual(planned);
      const [response, duration] = ['iteration_response_time', 'iteration_duration'].map(
        (name) => summary.metrics[name],
      );
      expect(response?.values['max']).toBeGreaterThanOrEqual(busyMs - 20);
      expect(response?.values['avg']).toBeGreaterThan(duration?.values['avg'] ?? 0);
    },
  );

  inFullRun('has so many virtual users as its stages say, at each second', async () => {
    server = await startCountingServer(async () => {
      await new Promise((resolve) => setTimeout(resolve, 20));
      return 200;
    });
    const { exitCode, summary } = await load('--vus', '1', '-s', '1500ms:7', '-s', '1500ms:1');
    expect(exitCode).toBe(0);
    expect(summary.run.durationMs).toBeGreaterThanOrEqual(3000);
    expect(new Set(server.paths).size).toBe(7);
    expect(summary.scenarios[0]).toMatchObject({ interrupted: 0, dropped: 0 });
    const seen = readPoints('vus');
    expect(seen.length).toBeGreaterThanOrEqual(2);
    // The first is seen a second after the start, by the clock of the one who looks.
    const startedAt = (seen[0]?.atMs ?? 0) - 1000;
    const most = (name: string): number => summary.metrics[name]?.values['max'] ?? 0;
    // Who is one too many ends an iteration first.
    const lateMs = most('iteration_duration') + most('generator_event_loop_delay') + 20;
    const planAt = (ms: number): number => (ms < 1500 ? 1 + ms / 250 : Math.max(1, 7 - (ms - 1500) / 250));
    for (const { atMs, value } of seen) {
      const ms = Math.min(3000, atMs - startedAt);
      const planned = Array.from({ length: 21 }, (_, part) => planAt(Math.max(0, ms + lateMs - (part * lateMs) / 10)));
      const isPlanned = value >= Math.floor(Math.min(...planned)) && value <= Math.ceil(Math.max(...planned));
      expect([ms, lateMs, value, isPlanned]).toEqual([ms, lateMs, value, true]);
    }
  });

  it.each([
    ['gracefulStop', 'vus: 2, duration: 300ms, graceful_stop: 200ms'],
    ['gracefulRampDown', 'start_vus: 2, stages: [{ duration: 300ms, target: 0 }], graceful_ramp_down: 200ms'],
  ])('ends what has no answer after the %s, and calls it interrupted', async (_, terms) => {
    server = await startCountingServer(() => new Promise(() => undefined));
    writeFileSync(join(folder, 'flow.yaml'), `${FLOW}load: { ${terms} }\n`);
    const { summary } = await load('--no-thresholds');
    expect(server.requests).toBe(2);
    expect(summary.scenarios[0]).toMatchObject({ iterations: 0, failed: 0, interrupted: 2 });
    // Of two who leave by the stages the first does so in their middle.
    expect(summary.run.durationMs).toBeGreaterThanOrEqual(300);
    expect(summary.run.durationMs).toBeLessThan(10_000);
    expect(summary.metrics['http_req_failed']).toBeUndefined();
  });

  it.each([
    ['shared-iterations', ['--vus', '3', '--iterations', '10'], 10],
    ['one iteration', ['--once'], 1],
    ['users alone', ['--vus', '4'], 4],
  ] as const)('does so many iterations: %s', async (_, words, count) => {
    server = await startCountingServer();
    const { exitCode, summary } = await load(...words);
    expect(exitCode).toBe(0);
    expect(server.requests).toBe(count);
    expect(summary.metrics['iterations']?.values['count']).toBe(count);
  });
});
