import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type CountingServer, startCountingServer } from '../../support/servers/counting-server.ts';
import { callCommand } from '../command.ts';

const skus = Array.from({ length: 9 }, (_, index) => `S${index}`);
const DATA = `data: [${skus.map((sku) => `{ sku: ${sku} }`).join(', ')}]`;
const flow = (load: string, data = DATA): string => `
name: Rows
${data}
env: { sku: none }
load: ${load}
steps:
  - { id: get, action: http_request, config: { url: "{{URL}}/{{sku}}" }, assert: [status == 200] }
`;

let folder: string;
let server: CountingServer;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'testmesh-rows-'));
  server = await startCountingServer();
});
afterEach(async () => {
  await server.close();
  rmSync(folder, { recursive: true, force: true });
});

async function load(text: string, ...words: readonly string[]) {
  writeFileSync(join(folder, 'flow.yaml'), text);
  return callCommand(['load', 'flow.yaml', '--var', `URL=${server.url}`, ...words], { cwd: folder });
}

const paths = (): readonly string[] => server.paths.map((path) => path.slice(1)).sort();

describe('the rows of a load', () => {
  it.each([
    ['virtual users in loops', 'vus: 4, duration: 30s'],
    ['a rate', 'rate: 200/s, duration: 30s, pre_allocated_vus: 20'],
    ['a number of iterations that is higher', 'vus: 2, iterations: 50'],
  ])('are used once each, and then the scenario ends: %s', async (_, amounts) => {
    const { exitCode, output } = await load(flow(`{ ${amounts}, data_mode: unique }`));
    expect(exitCode, output).toBe(0);
    expect(paths()).toEqual(skus);
    expect(output).toContain('scenario `flow` ended: each of the 9 rows of its data has been used');
  });

  it('are used once over all segments', async () => {
    const text = flow('{ vus: 4, duration: 30s, data_mode: unique }');
    for (const segment of ['0:1/2', '1/2:1']) {
      const { exitCode, errors } = await load(text, '--execution-segment', segment);
      expect(exitCode, errors).toBe(0);
    }
    expect(paths()).toEqual(skus);
  });

  it('stay with a virtual user', async () => {
    const { exitCode } = await load(flow('{ executor: per-vu-iterations, vus: 3, iterations: 4, data_mode: per_vu }'));
    expect(exitCode).toBe(0);
    expect(paths()).toEqual(['S0', 'S1', 'S2'].flatMap((sku) => [sku, sku, sku, sku]));
  });

  it.each([
    ['there are none', flow('{ vus: 1, data_mode: unique }', ''), '`data_mode`: flow `flow` has no `data`'],
    ['the word is none', flow('{ vus: 1, data_mode: uniqe }'), 'data_mode'],
  ])('are refused where %s', async (_, text, said) => {
    const { exitCode, errors } = await load(text);
    expect(exitCode).toBe(2);
    expect(errors).toContain(said);
    expect(errors).toMatch(/flow\.yaml:\d+:\d+/);
  });
});
