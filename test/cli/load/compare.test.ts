import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Histogram } from '../../../src/load/metrics/histogram.ts';
import { callCommand } from '../command.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'testmesh-load-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** A summary whose steps took so long, all alike. */
function write(name: string, steps: Readonly<Record<string, number>>, { count = 200, failed = 0 } = {}): void {
  const series = Object.entries(steps).flatMap(([step, ms]) => {
    const histogram = new Histogram();
    for (let sample = 0; sample < count; sample++) histogram.record(ms);
    const tags = { scenario: 'users', step, testid: name };
    const common = { tags, count, min: 0, max: 1, last: 0 };
    return [
      { ...common, metric: 'step_duration', sum: ms * count, histogram: histogram.toJSON() },
      { ...common, metric: 'step_failed', sum: failed },
    ];
  });
  const summary = { version: 1, run: {}, scenarios: [], steps: [], metrics: {}, series };
  writeFileSync(join(folder, name), JSON.stringify(summary));
}

const compare = (...words: readonly string[]) => callCommand(['load', 'compare', ...words], { cwd: folder });
const LIMIT = ['--fail-on', 'p(95) > max(base*1.1, base+5)'];

describe('load compare', () => {
  it('tells which step of which scenario became slower', async () => {
    write('base.json', { pay: 100, get: 10, gone: 5 });
    write('new.json', { pay: 120, get: 14, more: 5 });
    const { exitCode, output } = await compare('base.json', 'new.json', ...LIMIT);
    expect(exitCode).toBe(99);
    expect(output).toBe(
      [
        '✓ users / get: p(95) 10ms → 14ms, +40.0 %',
        '- users / gone: p(95): not compared: it did not run now',
        '- users / more: p(95): not compared: it is new',
        '✗ users / pay: p(95) 100ms → 120ms, +20.0 %: p(95) > max(base*1.1, base+5)',
        '✗ 1 of 2 comparisons failed (exit code 99)',
        '',
      ].join('\n'),
    );
  });

  it('takes what several bases differ by for noise', async () => {
    write('a.json', { pay: 100 });
    write('b.json', { pay: 130 });
    write('c.json', { pay: 90 });
    write('near.json', { pay: 128 });
    write('far.json', { pay: 140 });
    const near = await compare('a.json', 'b.json', 'c.json', 'near.json', ...LIMIT);
    expect([near.exitCode, near.output]).toEqual([
      0,
      expect.stringContaining('100ms (90ms to 130ms) → 128ms, +28.0 %: inside of what the bases differ by'),
    ]);
    expect((await compare('a.json', 'b.json', 'c.json', 'far.json', ...LIMIT)).exitCode).toBe(99);
  });

  it('compares failures, and nothing of which there are too few samples', async () => {
    write('base.json', { pay: 100 }, { failed: 1 });
    write('new.json', { pay: 100 }, { failed: 8 });
    write('few.json', { pay: 900 }, { count: 99 });
    const failing = await compare(
      'base.json',
      'new.json',
      '--fail-on',
      'fail_rate > base + 0.01',
      '--fail-on',
      'avg>base',
    );
    expect([failing.exitCode, failing.output]).toEqual([
      99,
      expect.stringContaining('✗ users / pay: fail_rate 0.50% → 4.00%'),
    ]);
    const few = await compare('base.json', 'few.json', ...LIMIT);
    expect([few.exitCode, few.output]).toEqual([3, expect.stringContaining('99 samples: 100 at least are compared')]);
  });

  it.each([
    [['base.json'], 'expected a summary to compare with'],
    [['base.json', 'base.json'], 'nothing says when it fails'],
    [['base.json', 'base.json', '--fail-on', 'p95 > 3'], '`p95 > 3` is no condition'],
    [['base.json', 'base.json', '--fail-on', 'p(95) > bass * 2'], 'unknown name `bass`'],
    [['base.json', 'base.json', '--fail-on', 'p(95) > "x"'], 'gives no number for a base of 0 or 1'],
    [['base.json', 'base.json', '--fail-on', 'p(95) > 1 / base'], '`1 / base` gives no number for a base of 0'],
    [['base.json', 'no.json', ...LIMIT], 'no.json is no summary of `testmesh load`'],
    [['base.json', 'absent.json', ...LIMIT], 'there is no such file'],
  ] as const)('%j: %s', async (words, message) => {
    write('base.json', { pay: 100 });
    writeFileSync(join(folder, 'no.json'), '{}');
    const { exitCode, errors } = await compare(...words);
    expect([exitCode, errors]).toEqual([2, expect.stringContaining(message)]);
  });
});
