import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { LoadSummary } from '../../../src/load/metrics/load-summary.ts';
import { sample } from '../../support/sample.ts';
import { type CountingServer, startCountingServer } from '../../support/servers/counting-server.ts';
import { startCli, useWorkspace } from '../../support/stack/cli.ts';

const FLOW = `
name: Ends
setup:
  - { id: begin, action: http_request, config: { url: "{{OTHER}}/begin" }, assert: [status == 200] }
steps:
  - { id: get, action: http_request, config: { url: "{{URL}}/get" }, assert: [status == 200] }
teardown:
  - { id: end, action: http_request, config: { url: "{{OTHER}}/end" }, assert: [status == 200] }
load: { vus: 3, duration: 1m, pacing: 20ms }
`;

describe('a load that comes to an end in the middle', () => {
  const workspace = useWorkspace();
  let server: CountingServer;
  /** What setup and teardown speak to. */
  let other: CountingServer;
  beforeEach(async () => {
    server = await startCountingServer();
    other = await startCountingServer();
    workspace.write('flow.yaml', FLOW);
  });
  afterEach(async () => {
    await Promise.all([server.close(), other.close()]);
  });

  const start = (...words: readonly string[]) => {
    const vars = ['--var', `URL=${server.url}`, '--var', `OTHER=${other.url}`];
    return startCli(['load', 'flow.yaml', ...vars, '--summary-export', 's.json', ...words], { cwd: workspace.path });
  };
  const count = (metric: string): number => {
    const { metrics } = JSON.parse(workspace.read('s.json')) as LoadSummary;
    return metrics[metric]?.values['count'] ?? 0;
  };
  const expectBegun = () => expect.poll(() => server.requests, { timeout: 20_000, interval: 10 }).toBeGreaterThan(10);

  const signals = [
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ] as const;
  it.each(sample('signals that end a load', signals, { count: 0 }))(
    'by %s prints its summary, runs teardown and ends %i',
    async (signal, code) => {
      const running = start();
      await expectBegun();
      running.child.kill(signal);
      const end = await running.ended;
      expect([end.code, end.signal, end.output]).toEqual([code, null, expect.stringContaining('█ STEPS')]);
      expect(end.stdout).toContain(`interrupted by ${signal} (exit code ${code})`);
      expect(other.paths).toEqual(['/begin', '/end']);
      expect(count('http_reqs')).toBe(server.requests + 2);
    },
  );

  const deaths = [
    ['and no threshold judges that', []],
    ['and a threshold judges that', ['--threshold', 'http_req_failed:rate<0.01']],
  ] as const;
  it.each(sample('loads whose server dies', deaths, { count: 1 }))(
    'by its server, which dies, prints its summary, runs teardown and ends 99: %s',
    async (_, words) => {
      const running = start('--duration', '1s', ...words);
      await expectBegun();
      await server.close();
      const end = await running.ended;
      expect([end.code, end.output]).toEqual([99, expect.stringContaining('█ STEPS')]);
      expect(end.stdout).toContain('ECONNREFUSED');
      expect(other.paths).toEqual(['/begin', '/end']);
      const { series } = JSON.parse(workspace.read('s.json')) as LoadSummary;
      const answered = series.filter(({ metric, tags }) => metric === 'http_reqs' && tags['status'] === '200');
      const answers = answered.reduce((sum, one) => sum + one.sum, 0) - 2;
      // Of those that ran when it died some had an answer that never came.
      expect(answers).toBeLessThanOrEqual(server.requests);
      expect(answers).toBeGreaterThanOrEqual(server.requests - 3);
    },
  );
});
