import { expect, test } from 'vitest';
import type { LoadSummary } from '../../../src/load/metrics/load-summary.ts';
import { repeats } from '../../support/sample.ts';
import { startCli, useWorkspace } from '../../support/stack/cli.ts';
import { describeWithStack } from '../../support/stack/stack.ts';

const inFullRun = test.runIf(repeats('further tests of connections of a load', 1, 0) > 0);

const timeout = 120_000;

/** Each step holds its connection for a moment, and sees how many of its kind do, and how many are open. */
const describeFlow = (mark: string, limits: string): string => `
name: Links
env: { DB: "\${DB}" }
steps:
  - id: both
    action: parallel
    config:
      branches:
        - { name: left, steps: [${describeStep('one', mark)}] }
        - { name: right, steps: [${describeStep('two', mark)}] }
load: { executor: per-vu-iterations, vus: 8, iterations: 5, connections: ${limits} }
`;

const describeStep = (id: string, mark: string): string => `
          { id: ${id}, action: database_query, config: { connection: "{{DB}}", query: "SELECT count(*) FILTER (WHERE state = 'active')::int AS busy, count(*)::int AS open, pg_sleep(0.03) AS ${mark} FROM pg_stat_activity WHERE query LIKE '%${mark}%'" }, assert: [row_count == 1], record: { busy: { type: trend, value: "{{first_row.busy}}" }, open: { type: trend, value: "{{first_row.open}}" } } }`;

describeWithStack('connections to a database under a load', ({ databaseUrl }) => {
  const workspace = useWorkspace();

  async function load(name: string, limits: string, words: readonly string[] = []) {
    const file = workspace.write(`${name}.yaml`, describeFlow(`links_${name}`, limits));
    const flags = [
      '--var',
      `DB=${databaseUrl}`,
      '--summary-export',
      `${name}.json`,
      '-q',
      '--summary-trend-stats',
      'count,med,max',
      ...words,
    ];
    const { code, output } = await startCli(['load', file, ...flags], { cwd: workspace.path }).ended;
    const { metrics } = JSON.parse(workspace.read(`${name}.json`)) as LoadSummary;
    const read = (metric: string, statistic: string): number => metrics[metric]?.values[statistic] ?? Number.NaN;
    return { code, output, read };
  }

  test('are as many as `pool` says for all, and the waiting for one is no time of the database', {
    timeout,
  }, async () => {
    const { code, output, read } = await load('pool', '{ pool: 3 }');
    expect(code, output).toBe(0);
    expect([read('busy', 'max'), read('open', 'max')]).toEqual([3, 3]);
    expect(read('db_connection_wait', 'count')).toBe(80);
    // 16 want one of three.
    expect(read('db_connection_wait', 'med')).toBeGreaterThan(read('db_query_duration', 'med'));
    expect(output).toContain('db_connection_wait');
  });

  inFullRun('are as many as `max_per_vu` says for each', { timeout }, async () => {
    const { code, output, read } = await load('user', '{ max_per_vu: 1 }');
    expect(code, output).toBe(0);
    expect(read('busy', 'max')).toBeLessThanOrEqual(8);
    expect(read('busy', 'max')).toBeGreaterThan(3);
  });

  inFullRun('are dealt out to threads', { timeout }, async () => {
    const { code, output, read } = await load('threads', '{ pool: 4 }', ['--threads', '2']);
    expect(code, output).toBe(0);
    expect(read('busy', 'max')).toBeLessThanOrEqual(4);
  });

  inFullRun('that do not become free in time are told, and the database is not blamed', { timeout }, async () => {
    const flow = `
name: Slow
env: { DB: "\${DB}" }
steps:
  - id: both
    action: parallel
    config:
      branches:
        - name: holds
          steps: [{ id: hold, action: database_query, config: { connection: "{{DB}}", query: "SELECT pg_sleep(1)" }, assert: [row_count == 1] }]
        - name: wants
          steps:
            - { id: later, action: delay, config: { duration: 200ms } }
            - { id: want, action: database_query, config: { connection: "{{DB}}", timeout: 200ms, query: "SELECT 1 AS one" }, assert: [first_row.one == 1] }
load: { vus: 1, iterations: 1, connections: { pool: 1 } }
`;
    const file = workspace.write('slow.yaml', flow);
    const { code, output } = await startCli(['load', file, '--var', `DB=${databaseUrl}`], { cwd: workspace.path })
      .ended;
    expect(code, output).toBe(99);
    expect(output).toMatch(/want: .*NO_FREE_CONNECTION/);
  });
});
