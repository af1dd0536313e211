import { describe, expect, it } from 'vitest';
import { ExactNumber } from '../../../src/expr/index.ts';
import { createJsonReporter } from '../../../src/reporters/data/json-reporter.ts';
import { refuseReport } from '../../../src/reporters/registry.ts';
import { compileResultSchema } from '../../support/event-schema.ts';
import { EventBuilder, failedAssertion } from '../../support/events.ts';
import * as sampleRuns from '../sample-runs.ts';

const validate = compileResultSchema();

async function render(builder: EventBuilder) {
  const written: string[] = [];
  await builder.play(createJsonReporter({ write: (text) => written.push(text) }));
  const result = JSON.parse(written.join(''));
  validate(result);
  expect(validate.errors).toBeNull();
  return result;
}

describe('the JSON result', () => {
  it.each(Object.entries(sampleRuns))('fits its schema: %s', async (_name, build) => {
    const { version, flows } = await render(build());
    expect(version).toBe(1);
    expect(flows.length).toBeGreaterThan(0);
  });

  it('says of a run how it ended, and of each flow what is wrong', async () => {
    const result = await render(sampleRuns.severalFlows());
    expect(result).toMatchObject({
      testmesh: '0.1.0',
      runId: 'run-1',
      seed: 4711,
      outcome: 'errored',
      interrupted: 'SIGINT',
      counts: { flows: { passed: 1, failed: 0, errored: 2, skipped: 1 } },
      notes: [{ level: 'warning', text: 'the record cannot be written' }],
    });
    const [, two, three] = result.flows;
    expect(two).toMatchObject({ about: { file: 'flows/it two.yaml' }, outcome: 'errored', counts: { failed: 2 } });
    expect(two.failures[0]).toEqual({
      address: 'create_order',
      outcome: 'failed',
      place: 'flows/order.yaml:61',
      text: 'body.total == price * quantity',
    });
    expect(two.steps.map(({ step }: { step: { address: string } }) => step.address)).toEqual([
      'create_order',
      'pay',
      'teardown/remove',
    ]);
    expect(three).toMatchObject({ outcome: 'skipped', skip: { kind: 'skip', reason: 'waits for ticket 12' } });
  });

  it('has what a step sent, gave and logged, with exact numbers', async () => {
    const builder = new EventBuilder()
      .run()
      .flow()
      .log('one', 'said', { data: { n: new ExactNumber('9007199254740993') } })
      .step('one', { result: { id: new ExactNumber('9007199254740993') } })
      .endFlow('passed')
      .endRun('passed');
    const { flows } = await render(builder);
    expect(flows[0].steps[0]).toMatchObject({
      step: { address: 'one' },
      output: { result: { id: { $number: '9007199254740993' } } },
      logs: [{ level: 'info', message: 'said', data: { n: { $number: '9007199254740993' } } }],
    });
  });

  it('says what failed and counts as passed, for something forgave it', async () => {
    const { flows } = await render(sampleRuns.forgivenFlow());
    const steps = flows[0].steps.map(
      ({ step, outcome, countsAs }: { step: { address: string }; outcome: string; countsAs?: string }) => [
        step.address,
        outcome,
        countsAs,
      ],
    );
    expect(steps).toContainEqual(['each[0]>check', 'failed', 'passed']);
    expect(steps).toContainEqual(['other', 'failed', undefined]);
    expect(flows[0].failures).toHaveLength(1);
  });

  it('has a flow once, with what was wrong in attempts before', async () => {
    const builder = new EventBuilder()
      .run()
      .flow()
      .step('one', { outcome: 'failed', problems: [failedAssertion()] })
      .endFlow('failed', { retry: 'follows' })
      .flow({ attempt: 2 })
      .step('one')
      .endFlow('passed', { retry: 'flaky' })
      .endRun('passed', { flaky: 1 });
    const result = await render(builder);
    expect(result).toMatchObject({ flaky: 1, flows: [{ retry: 'flaky', earlier: [{ attempt: 1, address: 'one' }] }] });
  });

  it('is whole where the run broke off, or did not begin', async () => {
    const broken = await render(new EventBuilder().run().flow().step('one'));
    expect(broken.flows[0]).not.toHaveProperty('outcome');
    expect(broken.flows[0].steps).toHaveLength(1);
    expect(await render(new EventBuilder())).toEqual({ version: 1, flows: [], notes: [] });
    const refused = JSON.parse(await refuseReport('json', 'testmesh: no\n'));
    expect(validate(refused)).toBe(true);
    expect(refused).toMatchObject({ notStarted: 'testmesh: no', outcome: 'errored' });
  });

  it('stays JSON whatever names hold', async () => {
    const name = '\u001b[31m"]]>\n::error::%0A\ud800\u2028</script>';
    const { flows } = await render(new EventBuilder().run().flow({ name }).step('one', { name }).endFlow().endRun());
    expect(flows[0].about.name).toBe(name);
  });
});
