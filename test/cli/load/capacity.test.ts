import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { LoadSummary } from '../../../src/load/metrics/load-summary.ts';
import { repeats } from '../../support/sample.ts';
import { type LimitedServer, startLimitedServer } from '../../support/servers/limited-server.ts';
import { callCommand } from '../command.ts';

const inFullRun = it.runIf(repeats('further tests of find-capacity', 1, 0) > 0);

const FLOW = `
name: Shop
steps:
  - { id: pay, action: http_request, config: { url: "{{URL}}/pay" }, assert: [status == 200] }
load:
  executor: find-capacity
  start_rate: 30
  max_rate: 300
  step: 30
  hold: 2s
  thresholds: { http_req_duration: ["p(95)<150"] }
`;

let folder: string;
let server: LimitedServer;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'testmesh-load-'));
});
afterEach(async () => {
  await server.close();
  rmSync(folder, { recursive: true, force: true });
});

async function find(flow: string, ...words: readonly string[]) {
  writeFileSync(join(folder, 'flow.yaml'), flow);
  const flags = [
    '--var',
    `URL=${server.url}`,
    '--summary-export',
    's.json',
    '-o',
    'html=r.html',
    '-o',
    'json=s.ndjson',
  ];
  const ended = await callCommand(['load', 'flow.yaml', ...flags, ...words], { cwd: folder });
  const summary = JSON.parse(readFileSync(join(folder, 's.json'), 'utf8')) as LoadSummary;
  const [capacity] = summary.capacity ?? [];
  if (!capacity) throw new Error('no capacity');
  return { ...ended, summary, capacity };
}

describe('find-capacity', () => {
  it.runIf(repeats('limits of a server that are found', 3, 0) > 0).each([80, 50, 130])(
    'finds the limit of a server, %s a second, within 10 %',
    { timeout: 120_000 },
    async (limit) => {
      server = await startLimitedServer(limit);
      const { exitCode, capacity, output, errors, summary } = await find(FLOW);
      expect(readFileSync(join(folder, 'r.html'), 'utf8')).toContain('<span class="key b">wanted</span>');
      expect(summary.series.find(({ metric }) => metric === 'arrival_rate')?.count).toBe(capacity.holds.length);
      if (capacity.limit === 'generator') return expect(output).toContain('the generator itself was late');
      expect(exitCode, output).toBe(0);
      expect(Math.abs((capacity.rate ?? 0) - limit) / limit, output).toBeLessThan(0.1);
      expect(capacity).toMatchObject({
        limit: 'service',
        beyond: { gaveWay: { metric: 'http_req_duration', step: 'pay' } },
      });
      expect(output).toContain(`█ CAPACITY   ${capacity.rate}/s, held for 2 s; at `);
      expect(errors).toContain('30/s held\n');
      expect(readFileSync(join(folder, 'r.html'), 'utf8')).toContain(`${capacity.rate}/s, held for 2 s`);
    },
  );

  inFullRun('takes refusals for a limit, without a threshold on failures', { timeout: 120_000 }, async () => {
    server = await startLimitedServer(60, 100);
    const { exitCode, capacity, output } = await find(FLOW);
    if (capacity.limit === 'generator') return;
    expect(exitCode, output).toBe(0);
    expect(Math.abs((capacity.rate ?? 0) - 60), output).toBeLessThanOrEqual(6);
    expect(capacity.beyond?.gaveWay).toMatchObject({ by: 'service', metric: 'checks', step: 'pay' });
  });

  inFullRun('ends 99 where not even the first rate holds, 0 where the highest does', async () => {
    server = await startLimitedServer(10);
    const slow = await find(FLOW.replace('hold: 2s', 'hold: 500ms'));
    expect([slow.exitCode, slow.output]).toEqual([
      99,
      expect.stringContaining('not even the start rate held; at 30/s `http_req_duration` p(95)<150 gave way'),
    ]);
    await server.close();
    server = await startLimitedServer(1000);
    const quick = await find(FLOW.replace('hold: 2s', 'hold: 500ms').replace('max_rate: 300', 'max_rate: 30'));
    expect([quick.exitCode, quick.output]).toEqual([
      0,
      expect.stringContaining('at least 30/s, held for 500 ms: `max_rate`'),
    ]);
  });

  it('ends 3 where nobody answers', async () => {
    server = await startLimitedServer(10);
    const { exitCode } = await find(FLOW.replace('hold: 2s', 'hold: 200ms'), '--var', 'URL=http://127.0.0.1:1');
    expect(exitCode).toBe(3);
  });

  inFullRun(
    'judges each rate by thresholds of flags as well, and the load as a whole where flags make it another',
    async () => {
      server = await startLimitedServer(1000);
      const flow = FLOW.replace('hold: 2s', 'hold: 300ms');
      const judged = await find(flow, '--threshold', 'http_req_failed:rate>0.5');
      expect([judged.exitCode, judged.summary.thresholds]).toEqual([99, []]);
      expect(judged.output).toContain('at 30/s `http_req_failed` rate>0.5 gave way: 0.00%');
      writeFileSync(join(folder, 'flow.yaml'), flow);
      const once = await callCommand(['load', 'flow.yaml', '--var', `URL=${server.url}`, '--once'], { cwd: folder });
      expect(once).toMatchObject({ exitCode: 0, output: expect.stringContaining("✓ 'p(95)<150'") });
      expect(once.output).not.toContain('CAPACITY');
    },
  );
});
