import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { LoadSummary } from '../../../src/load/metrics/load-summary.ts';
import { repeats } from '../../support/sample.ts';
import { askInflux, startInflux } from '../../support/servers/metric-servers.ts';
import { describeWithPrograms, type OwnServer } from '../../support/servers/programs.ts';
import { projectPath, runCli, shareVars, useWorkspace } from '../../support/stack/cli.ts';
import { describeWithStack } from '../../support/stack/stack.ts';

const inFullRun = test.runIf(repeats('further tests of guides of loads', 1, 0) > 0);

const timeout = 120_000;

/** An example with the times of its load cut short. */
function shorten(file: string): string {
  const [flows = '', load = ''] = readFileSync(projectPath(`examples/${file}`), 'utf8').split(/^(?=load:)/m);
  return `${flows}${load.replace(/(duration: )(\d+)s/g, (_, key: string, seconds: string) => `${key}${Number(seconds) / 10}s`)}`;
}

function countOf({ series }: LoadSummary, metric: string, tags: Readonly<Record<string, string>> = {}): number {
  return series
    .filter((one) => one.metric === metric && Object.entries(tags).every(([name, value]) => one.tags[name] === value))
    .reduce((sum, one) => sum + one.sum, 0);
}

describeWithStack('the guides of loads', ({ vars }) => {
  const workspace = useWorkspace();

  async function load(file: string, ...words: readonly string[]): Promise<LoadSummary> {
    const path = workspace.write(file, shorten(file));
    const options = { cwd: workspace.path, env: shareVars(vars) };
    const ended = await runCli(['load', path, '--summary-export', 's.json', ...words], options);
    expect(ended.code, ended.output).toBe(0);
    return JSON.parse(workspace.read('s.json')) as LoadSummary;
  }

  test('users and orders run together, checks on both, and the report shows both', { timeout }, async () => {
    const summary = await load('30-users-and-orders-under-load.yaml', '--out', 'html=report.html');
    expect(summary.scenarios.map(({ name }) => name)).toEqual(['users', 'orders']);
    const report = workspace.read('report.html');
    for (const { name, iterations } of summary.scenarios) {
      expect(iterations).toBeGreaterThanOrEqual(10);
      expect(countOf(summary, 'checks', { scenario: name })).toBeGreaterThanOrEqual(2 * iterations);
      expect(report).toContain(`<th scope="row">${name}</th><td>constant-vus</td>`);
    }
    for (const { name, passes, fails } of summary.checks) expect([name, passes > 0, fails]).toEqual([name, true, 0]);
  });

  describeWithPrograms('InfluxDB', ['influxd'], () => {
    let server: OwnServer;
    beforeAll(async () => {
      server = await startInflux();
    });
    afterAll(() => server?.stop());

    inFullRun('posts are written and read by stages, and InfluxDB has each sample', { timeout }, async () => {
      const out = `influxdb=http://127.0.0.1:${server.port}/k6`;
      const summary = await load('31-log-in-and-posts-under-load.yaml', '--out', out);
      const [scenario] = summary.scenarios;
      expect(scenario).toMatchObject({ executor: 'ramping-vus', failed: 0 });
      const of = async (query: string): Promise<unknown> => (await askInflux(server.port, query))[0]?.values[0]?.[1];
      for (const step of ['log_in', 'create_post', 'read_post']) {
        const told = countOf(summary, 'http_reqs', { name: step });
        expect(told).toBeGreaterThan(0);
        expect([step, await of(`SELECT sum(value) FROM http_reqs WHERE "name" = '${step}'`)]).toEqual([step, told]);
      }
      expect(await of('SELECT sum(value) FROM checks')).toBe(countOf(summary, 'checks'));
      expect(await of('SELECT max(value) FROM vus')).toBe(summary.metrics['vus']?.values['max']);
    });
  });
});
