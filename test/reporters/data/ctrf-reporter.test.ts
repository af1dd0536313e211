import { readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import { describe, expect, it } from 'vitest';
import { createCtrfReporter } from '../../../src/reporters/data/ctrf-reporter.ts';
import { refuseReport } from '../../../src/reporters/registry.ts';
import { EventBuilder, failedAssertion, refusedConnection } from '../../support/events.ts';
import { HOSTILE } from '../../support/hostile.ts';
import * as sampleRuns from '../sample-runs.ts';

// As it is published: node_modules/ctrf/dist/ctrf-schema-0.0.json of ctrf 0.3.0, MIT.
const schema = JSON.parse(readFileSync(new URL('../../support/schemas/ctrf-0.0.json', import.meta.url), 'utf8'));
const validate = new Ajv({ formats: { uuid: true, 'date-time': true, uri: true } }).compile(schema);

function check(text: string) {
  const report = JSON.parse(text);
  validate(report);
  expect(validate.errors).toBeNull();
  const { tests, summary } = report.results;
  const count = (status: string) => tests.filter((test: { status: string }) => test.status === status).length;
  expect(summary).toMatchObject({ tests: tests.length, passed: count('passed'), failed: count('failed') });
  return report.results;
}

async function render(builder: EventBuilder) {
  const written: string[] = [];
  await builder.play(createCtrfReporter({ write: (text) => written.push(text) }));
  return check(written.join(''));
}

describe('the report in the Common Test Report Format', () => {
  it.each(Object.entries(sampleRuns))('fits the published schema: %s', async (_name, build) => {
    expect((await render(build())).tests.length).toBeGreaterThan(0);
  });

  it('has a test per step, with its place and why it failed', async () => {
    const { tool, tests, summary } = await render(sampleRuns.failingFlow());
    expect(tool).toEqual({ name: 'testmesh', version: '0.1.0' });
    expect(summary).toMatchObject({
      tests: 6,
      passed: 2,
      failed: 1,
      skipped: 3,
      suites: 1,
      duration: expect.any(Number),
    });
    expect(tests[1]).toMatchObject({
      testId: 'flows/order.yaml#order#create_order',
      name: 'create_order',
      suite: ['Order is placed'],
      status: 'failed',
      rawStatus: 'failed',
      filePath: 'flows/order.yaml',
      duration: 18,
    });
    expect(tests[1].trace).toContain('float 60.98');
    expect(tests[2]).toMatchObject({ status: 'skipped', message: 'not reached' });
  });

  it('tells flaky steps with what was wrong before, and errors of the run itself', async () => {
    const builder = new EventBuilder()
      .run()
      .flow()
      .step('one', { outcome: 'failed', problems: [failedAssertion()] })
      .endFlow('failed', { retry: 'follows' })
      .flow({ attempt: 2, row: 3, tags: ['smoke'] })
      .step('one')
      .endFlow('passed', { retry: 'flaky' });
    const last = builder.flow({ attempt: 2 }).step('one').endFlow('passed', { retry: 'flaky' });
    const { tests, summary } = await render(last.endRun('errored', { problems: [refusedConnection()] }));
    expect(summary).toMatchObject({ tests: 3, flaky: 1, failed: 1 });
    expect(tests[0]).toMatchObject({ tags: ['smoke'], parameters: { row: 3 } });
    expect(tests[1]).toMatchObject({ flaky: true, retries: 1, retryAttempts: [{ attempt: 1, status: 'failed' }] });
    expect(tests[2]).toMatchObject({ suite: ['the run itself'], status: 'failed', rawStatus: 'errored' });
  });

  it.each(HOSTILE)('stays what it is with %j in it', async (text) => {
    const problem = { ...failedAssertion(), message: text };
    const flow = new EventBuilder().run().flow({ name: text, file: text }).log('one', text);
    const step = { name: text, outcome: 'failed', problems: [problem], notes: [text] } as const;
    const { tests } = await render(flow.step('one', step).endFlow('failed').endRun('failed'));
    const [{ name, suite, message, trace, stdout }] = tests;
    expect(JSON.stringify([name, suite, message, trace, stdout])).not.toMatch(/\\u00(?:1b|07|00)/);
  });

  it('says why nothing ran', async () => {
    const { tests } = check(await refuseReport('ctrf', 'note: a\ntestmesh: no such file\n'));
    expect(tests).toMatchObject([{ status: 'failed', message: 'no such file' }]);
    expect(await render(new EventBuilder())).toMatchObject({ tests: [] });
  });
});
