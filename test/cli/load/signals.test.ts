import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { LoadSummary } from '../../../src/load/metrics/load-summary.ts';
import { type CountingServer, startCountingServer } from '../../support/servers/counting-server.ts';
import { callCommand } from '../command.ts';

const FLOW = `
name: Slow
steps:
  - { id: first, action: http_request, config: { url: "{{URL}}/first" }, assert: [status == 200] }
  - { id: second, action: http_request, config: { url: "{{URL}}/second" }, assert: [status == 200] }
teardown:
  - { id: out, action: http_request, config: { url: "{{URL}}/out" }, assert: [status == 200] }
`;

let folder: string;
let server: CountingServer;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'testmesh-load-'));
});
afterEach(async () => {
  await server.close();
  rmSync(folder, { recursive: true, force: true });
});

describe('a load that is interrupted', () => {
  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('by %s begins nothing more, runs teardown, prints its summary and ends %i', async (signal, exitCode) => {
    server = await startCountingServer(async (request) => {
      // Answers to the second step never come: only the end of the grace ends them.
      if (request.url === '/second' && server.requests > 6) await new Promise(() => undefined);
      return 200;
    });
    writeFileSync(join(folder, 'flow.yaml'), FLOW);
    const words = ['load', 'flow.yaml', '--vus', '2', '--duration', '1m', '--var', `URL=${server.url}`];
    const running = callCommand([...words, '--summary-export', 's.json'], { cwd: folder });
    const count = (path: string): number => server.paths.filter((one) => one === path).length;
    await vi.waitFor(() => expect(count('/second') - 3).toBeGreaterThanOrEqual(1), { timeout: 20_000, interval: 10 });
    process.emit(signal, signal);
    const begun = count('/first');
    const done = await running;
    expect(done.exitCode).toBe(exitCode);
    expect(count('/first')).toBeLessThanOrEqual(begun + 2);
    expect(count('/out')).toBe(1);
    expect(done.output).toContain(`interrupted by ${signal} (exit code ${exitCode})`);
    const summary = JSON.parse(readFileSync(join(folder, 's.json'), 'utf8')) as LoadSummary;
    expect(summary.metrics['http_reqs']?.values['count']).toBe(server.requests);
    // What we ended ourselves is no failure of the service.
    expect(summary.metrics['http_req_failed']?.values['passes']).toBe(0);
    expect(summary.metrics['step_failed']?.values['passes']).toBe(0);
    expect(summary.scenarios[0]?.interrupted).toBeGreaterThanOrEqual(1);
  });
});
