import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { LoadSummary } from '../../../src/load/metrics/load-summary.ts';
import { type CountingServer, startCountingServer } from '../../support/servers/counting-server.ts';
import { callCommand } from '../command.ts';

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

describe('a short run on the real clock', () => {
  it('keeps to a constant rate: never more than 1 % and 2 off, while the generator keeps up', async () => {
    const times: number[] = [];
    server = await startCountingServer(() => {
      times.push(performance.now());
      return 200;
    });
    const { exitCode, summary } = await load(
      '--rate',
      '100/s',
      '--duration',
      '2s',
      '--pre-allocated-vus',
      '30',
      '--max-vus',
      '100',
    );
    expect(exitCode).toBe(0);
    expect(times).toHaveLength(200);
    const dropped = summary.metrics['dropped_iterations']?.values['count'] ?? 0;
    expect(dropped).toBe(0);
    if (summary.generator.saturated) return;
    // From the first on, for how long the start takes nobody plans; the way to the server is in it.
    const off = times.map((at, index) => Math.abs(index - (at - (times[0] ?? 0)) / 10));
    expect(Math.max(...off)).toBeLessThanOrEqual(2 + 2 + 1);
  });

  it('has so many virtual users as its stages say', async () => {
    server = await startCountingServer(async () => {
      await new Promise((resolve) => setTimeout(resolve, 20));
      return 200;
    });
    const { exitCode, summary } = await load('--vus', '1', '-s', '500ms:4', '-s', '1s:4', '-s', '500ms:0');
    expect(exitCode).toBe(0);
    expect(summary.metrics['vus']?.values['max']).toBe(4);
    expect(summary.run.durationMs).toBeGreaterThanOrEqual(2000);
    const users = new Set(server.paths);
    expect(users.size).toBe(4);
    const [most = 0, least = 0] = [...users]
      .map((user) => server.paths.filter((path) => path === user).length)
      .sort((a, b) => b - a);
    expect(most).toBeGreaterThanOrEqual(least);
    expect(summary.scenarios[0]).toMatchObject({ interrupted: 0, dropped: 0 });
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
