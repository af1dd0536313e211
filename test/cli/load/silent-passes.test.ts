import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { LoadSummary } from '../../../src/load/metrics/load-summary.ts';
import { repeats } from '../../support/sample.ts';
import { type CountingServer, startCountingServer } from '../../support/servers/counting-server.ts';
import { callCommand } from '../command.ts';

const inFullRun = it.runIf(repeats('further tests of what passes in silence elsewhere', 1, 0) > 0);

const get = (url: string, assert: string): string =>
  `id: shop\nname: Shop\nsteps:\n  - { id: get, action: http_request, config: { url: "${url}" }, assert: ["${assert}"] }\n`;
const RIGHT = get('{{URL}}/x', 'status == 200');
const SCENARIOS = `${RIGHT}---\nscenarios:\n  day: { executor: shared-iterations, iterations: 2, exec: shop }\n  night: { executor: shared-iterations, iterations: 2, exec: shop }\n`;

/** What k6 2.2 lets pass with exit code 0, or with a warning. */
interface SilentPass {
  readonly flow: string;
  readonly words: readonly string[];
  readonly exitCode: number;
  /** What the server answers, 200 when absent. */
  readonly status?: number;
  /** Whether the address is one where nobody listens. */
  readonly isAway?: boolean;
  /** Whether it ends before a request is sent. */
  readonly isBefore?: boolean;
}

const PASSES: Readonly<Record<string, SilentPass>> = {
  'a check that fails and no threshold': { flow: get('{{URL}}/x', 'body.total == 6'), words: [], exitCode: 99 },
  'a request that fails and no threshold': { flow: RIGHT, words: [], status: 500, exitCode: 99 },
  'an error in each iteration': { flow: get("{{URL}}/{{'x' * 2}}", 'status == 200'), words: [], exitCode: 3 },
  'nothing that answers': { flow: RIGHT, words: [], isAway: true, exitCode: 3 },
  'a threshold without a sample': {
    flow: RIGHT,
    words: ['--threshold', 'http_req_duration{status:404}:p(95)<500'],
    exitCode: 99,
  },
  'a threshold on a name that no step has': {
    flow: RIGHT,
    words: ['--threshold', 'http_req_duration{name:gte}:p(95)<500'],
    exitCode: 2,
    isBefore: true,
  },
  'a threshold on a check that there is not': {
    flow: RIGHT,
    words: ['--threshold', 'checks{check:get: status == 201}:rate>0.9'],
    exitCode: 2,
    isBefore: true,
  },
  'a threshold on a scenario that there is not': {
    flow: SCENARIOS,
    words: ['--threshold', 'http_reqs{scenario:evening}:count>1'],
    exitCode: 2,
    isBefore: true,
  },
  'a flag that would override scenarios': {
    flow: SCENARIOS,
    words: ['--vus', '5', '--duration', '1s'],
    exitCode: 2,
    isBefore: true,
  },
};

let folder: string;
let server: CountingServer;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'testmesh-load-'));
});
afterEach(async () => {
  await server.close();
  rmSync(folder, { recursive: true, force: true });
});

async function load(flow: string, words: readonly string[], url = server.url) {
  writeFileSync(join(folder, 'flow.yaml'), flow);
  const flags = ['--var', `URL=${url}`, '--summary-export', 's.json', '-q'];
  const done = await callCommand(['load', 'flow.yaml', ...flags, ...words], { cwd: folder });
  return { ...done, summarize: () => JSON.parse(readFileSync(join(folder, 's.json'), 'utf8')) as LoadSummary };
}

/** Without what differs from run to run, and without the width of columns. */
function steady(text: string): string {
  return text
    .replaceAll(server.url.slice('http://'.length), 'SERVER')
    .replaceAll(/\d+(?:\.\d+)?(?:µs|ms|s|m)\b/g, 'TIME')
    .replaceAll(/\d+(?:\.\d+)?\/s\b/g, 'RATE')
    .replaceAll(/\d+(?:\.\d+)? ?[kMG]?B\b/g, 'BYTES')
    .replaceAll(/(\d+) +\d+(?:\.\d+)?( +\d+(?:\.\d+)?%)/g, '$1  RATE$2')
    .replaceAll(/^ *█ GENERATOR[\s\S]*?\n\n/gm, '')
    .replaceAll(/(\S) {2,}/g, '$1  ')
    .replaceAll(/ +$/gm, '');
}

describe('what passes in silence elsewhere', () => {
  it.each(Object.entries(PASSES))('does not here: %s', async (name, { flow, words, exitCode, ...about }) => {
    server = await startCountingServer(() => about.status ?? 200);
    const runs = words.includes('--duration') || flow === SCENARIOS ? words : ['--iterations', '3', ...words];
    const done = await load(flow, runs, about.isAway ? 'http://127.0.0.1:1' : server.url);
    expect([done.exitCode, done.output, done.errors]).toEqual([exitCode, done.output, done.errors]);
    if (about.isBefore) expect(server.requests).toBe(0);
    const shown = `testmesh load ${runs.join(' ')}\n${flow}\n${done.output}${done.errors}\nexit code ${exitCode}\n`;
    await expect(steady(shown)).toMatchFileSnapshot(`golden/${name.replaceAll(' ', '-')}.txt`);
  });

  it('passes without a sample where that is allowed', async () => {
    server = await startCountingServer();
    const words = ['--iterations', '1', '--threshold', 'http_req_duration{status:404}:p(95)<500'];
    expect((await load(RIGHT, [...words, '--allow-empty-thresholds'])).exitCode).toBe(0);
  });

  it('says in JSON of each threshold whether it passed', async () => {
    server = await startCountingServer();
    const words = ['--threshold', 'http_reqs:count==2', '--threshold', 'http_reqs:count<2'];
    const { summarize } = await load(RIGHT, ['--iterations', '2', ...words]);
    expect(summarize().thresholds.map(({ threshold, passed }) => [threshold, passed])).toEqual([
      ['count==2', true],
      ['count<2', false],
    ]);
  });

  inFullRun('passes a threshold of 1 % with one failure in 1,000 requests', async () => {
    server = await startCountingServer((_request, count) => (count === 500 ? 500 : 200));
    const words = ['--vus', '10', '--iterations', '1000', '--threshold', 'http_req_failed:rate<0.01'];
    const { exitCode, summarize } = await load(RIGHT, words);
    expect([exitCode, server.requests, server.statuses.get(500)]).toEqual([0, 1000, 1]);
    expect(summarize().metrics['http_req_failed']?.values).toMatchObject({ rate: 0.001, passes: 1, fails: 999 });
  });
});
