import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { LoadSummary } from '../../../src/load/metrics/load-summary.ts';
import { callCommand } from '../command.ts';

const FLOW = `
name: Shop
steps:
  - id: pay
    action: http_request
    config: { url: "{{URL}}/pay" }
    assert: [status == 200]
    output: { tax: $.body.tax }
    record:
      order_value: { type: trend, value: "{{body.total + tax}}" }
      items: { type: counter, value: "{{len(body.items)}}" }
      stock: { type: gauge, value: "{{body.stock}}" }
      is_paid: { type: rate, value: "{{body.paid}}" }
load:
  iterations: 4
`;

let folder: string;
let server: Server;
let url: string;
let bodies: readonly object[];

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'testmesh-load-'));
  writeFileSync(join(folder, 'flow.yaml'), FLOW);
  bodies = [10, 20, 30, 40].map((total, at) => ({ total, tax: 1, items: [1, 2], stock: 9 - at, paid: at > 0 }));
  let count = 0;
  server = createServer((_, response) => {
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify(bodies[count++ % bodies.length]));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(() => {
  server.closeAllConnections();
  server.close();
  rmSync(folder, { recursive: true, force: true });
});

function call(command: string, ...words: readonly string[]) {
  return callCommand([command, 'flow.yaml', '--strict', '--var', `URL=${url}`, ...words], { cwd: folder });
}

describe('what steps record', () => {
  it('is measured, tagged as the step, open to thresholds, and in all outputs', async () => {
    const thresholds = ['order_value{step:pay}:max<=41', 'items:count==8', 'stock:value==6', 'is_paid:rate>0.7'];
    const flags = thresholds.flatMap((one) => ['--threshold', one]);
    const outputs = ['-o', 'json=s.ndjson', '-o', 'html=r.html', '--summary-export', 's.json'];
    const { exitCode, output } = await call('load', ...flags, ...outputs);
    expect(exitCode, output).toBe(0);
    expect(output).toContain('CUSTOM');
    const { metrics, series } = JSON.parse(readFileSync(join(folder, 's.json'), 'utf8')) as LoadSummary;
    expect(metrics['order_value']).toMatchObject({ kind: 'trend', unit: 'none', values: { min: 11, max: 41 } });
    expect(metrics['items']?.values['count']).toBe(8);
    expect(metrics['is_paid']?.values).toEqual({ rate: 0.75, passes: 3, fails: 1 });
    const { tags } = series.find(({ metric }) => metric === 'order_value') ?? {};
    expect(tags).toMatchObject({ scenario: 'flow', step: 'pay', action: 'http_request' });
    const points = readFileSync(join(folder, 's.ndjson'), 'utf8').match(/"metric":"order_value","type":"Point"/g);
    expect(points).toHaveLength(4);
    expect(readFileSync(join(folder, 'r.html'), 'utf8')).toContain('Recorded by steps');
    const crossed = await call('load', '--threshold', 'order_value:avg<20');
    expect([crossed.exitCode, crossed.output]).toEqual([99, expect.stringContaining("✗ 'avg<20' avg=26")]);
  });

  it.each([
    [
      'a text',
      { total: '12.50', tax: '1' },
      '`order_value` cannot be recorded: expected a number, got string "12.501"',
    ],
    ['a list', { stock: [] }, '`stock` cannot be recorded: expected a number, got array []'],
    ['not there', { paid: undefined }, '`is_paid` cannot be recorded: expected `true`, `false` or a number, got nil'],
  ])('that is %s fails the step, with its line, in a plain run too', async (_, wrong, message) => {
    bodies = [{ ...bodies[0], ...wrong }];
    const { exitCode, output } = await call('run');
    expect([exitCode, output]).toEqual([expect.any(Number), expect.stringContaining(message)]);
    expect(exitCode).not.toBe(0);
    expect(output).toMatch(/flow\.yaml:1\d:\d+/);
    expect((await call('load', '--once')).exitCode).not.toBe(0);
  });

  it('that is wrong is no sample, and none of the others of its step is lost', async () => {
    bodies = [{ ...bodies[0], total: '12.50', tax: '1' }];
    const { exitCode } = await call('load', '--summary-export', 's.json');
    expect(exitCode).toBe(99);
    const { series } = JSON.parse(readFileSync(join(folder, 's.json'), 'utf8')) as LoadSummary;
    expect(series.some(({ metric }) => metric === 'order_value')).toBe(false);
    expect(series.find(({ metric }) => metric === 'items')?.sum).toBe(8);
  });
});
