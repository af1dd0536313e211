import { type FinalResults, Parser } from 'tap-parser';
import { describe, expect, it } from 'vitest';
import { createTapReporter } from '../../../src/reporters/data/tap-reporter.ts';
import { refuseReport } from '../../../src/reporters/registry.ts';
import { EventBuilder, failedAssertion, refusedConnection } from '../../support/events.ts';
import { HOSTILE } from '../../support/hostile.ts';
import * as sampleRuns from '../sample-runs.ts';

interface Point {
  readonly ok: boolean;
  readonly id: number;
  readonly name: string;
  readonly fullname: string;
  readonly skip?: string | boolean;
  readonly todo?: string | boolean;
  readonly diag?: Record<string, unknown>;
}

interface Read {
  readonly text: string;
  readonly results: FinalResults;
  readonly flows: readonly Point[];
  readonly steps: readonly Point[];
}

/** Reads it as another program does; what is no line of TAP there is a mistake. */
async function read(text: string): Promise<Read> {
  const parser = new Parser();
  const flows: Point[] = [];
  const steps: Point[] = [];
  const extra: string[] = [];
  parser.on('assert', (point: Point) => flows.push(point));
  parser.on('extra', (line: string) => extra.push(line));
  parser.on('child', (child: Parser) => {
    child.on('assert', (point: Point) => steps.push(point));
    child.on('extra', (line: string) => extra.push(line));
  });
  const ended = new Promise<FinalResults>((resolve) => parser.on('complete', resolve));
  parser.end(text);
  const results = await ended;
  expect(extra).toEqual([]);
  return { text, results, flows, steps };
}

async function render(builder: EventBuilder): Promise<Read> {
  const written: string[] = [];
  await builder.play(createTapReporter({ write: (text) => written.push(text) }));
  return read(written.join(''));
}

describe('the report in the Test Anything Protocol', () => {
  it.each(Object.entries(sampleRuns))('is read by another program: %s', async (_name, build) => {
    const { text, results, steps } = await render(build());
    expect(text).toMatch(/^TAP version 14\n/);
    expect(results.failures.filter(({ tapError }) => tapError)).toEqual([]);
    expect(steps.length).toBeGreaterThan(0);
  });

  it('has a subtest per flow and a test point per step, with place and cause', async () => {
    const { results, flows, steps } = await render(sampleRuns.failingFlow());
    expect(results.ok).toBe(false);
    expect(flows).toMatchObject([{ ok: false, name: 'Order is placed' }]);
    expect(steps.map(({ ok, name, skip }) => [ok, name, skip ?? false])).toEqual([
      [true, 'create_user', false],
      [false, 'create_order', false],
      [true, 'verify_event', 'not reached'],
      [true, 'verify_db', 'not reached'],
      [true, 'verify_mail', 'not reached'],
      [true, 'teardown/remove_user', false],
    ]);
    expect(steps[1]?.diag).toMatchObject({
      severity: 'fail',
      kind: 'assertion',
      at: { file: 'flows/order.yaml', line: 61 },
    });
    expect(steps[1]?.diag?.['text']).toContain('float 60.98');
  });

  it('passes where all passed, and not where the run itself is wrong', async () => {
    expect((await render(sampleRuns.passingFlow())).results).toMatchObject({ ok: true, count: 1 });
    const builder = new EventBuilder().run().flow().step('one').endFlow('passed');
    const { results, flows } = await render(builder.endRun('errored', { problems: [refusedConnection()] }));
    expect(results.ok).toBe(false);
    expect(flows).toMatchObject([{ ok: true }, { ok: false, name: 'the run itself' }]);
  });

  it.each(HOSTILE)('stays what it is with %j in it', async (text) => {
    const problem = { ...failedAssertion(), message: text, kind: text, hints: [text] };
    const flow = new EventBuilder().run().flow({ name: text, file: text }).note('warning', text).log('one', text);
    const step = { name: text, outcome: 'failed', problems: [problem], notes: [text] } as const;
    const ended = flow.step('one', step).skip(text, 'two').endFlow('failed').endRun('failed');
    const { text: shown, results, flows, steps } = await render(ended);
    expect(shown).not.toMatch(/^\s*::[a-z]|##\[/m);
    expect(results).toMatchObject({ count: 1, fail: 1, bailout: false });
    expect(results.failures.filter(({ tapError }) => tapError)).toEqual([]);
    expect(flows).toHaveLength(1);
    expect(steps.map(({ ok, todo }) => [ok, todo ?? false])).toEqual([
      [false, false],
      [true, false],
    ]);
    expect(steps[0]?.diag).toMatchObject({ at: { line: 61 } });
  });

  it('says why nothing ran', async () => {
    const { results } = await read(await refuseReport('tap', 'testmesh: no such # file\n  = try\n'));
    expect(results).toMatchObject({ ok: false, bailout: 'no such # file' });
    const empty = await render(new EventBuilder());
    expect(empty.results).toMatchObject({ count: 0 });
  });
});
