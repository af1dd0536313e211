import { describe, expect, it } from 'vitest';
import type { Problem } from '../../../src/model/events.ts';
import { FlowFold, type FoldedFlow, type FoldedStep } from '../../../src/reporters/fold/flow-fold.ts';
import { EventBuilder, failedAssertion, refusedConnection } from '../../support/events.ts';

interface Seen {
  readonly steps: FoldedStep[];
  readonly flows: FoldedFlow[];
  readonly fold: FlowFold;
}

function fold(builder: EventBuilder): Seen {
  const [start, ...events] = builder.events;
  if (start?.type !== 'flow_started') throw new Error('a flow has to begin');
  const seen = { steps: [] as FoldedStep[], flows: [] as FoldedFlow[] };
  const flow = new FlowFold(start, {
    onStep: (step) => seen.steps.push(step),
    onFlow: (ended) => seen.flows.push(ended),
  });
  for (const event of events) flow.on(event);
  return { ...seen, fold: flow };
}

const child = (message: string): Problem => ({ outcome: 'failed', kind: 'child', message });
const failed = { outcome: 'failed', problems: [failedAssertion()] } as const;
const listAddresses = ({ fold: { failures } }: Seen): string[] => failures.failures.map(({ address }) => address);

describe('the fold of a flow', () => {
  it('knows which problems of a control steps inside have shown', () => {
    const seen = fold(
      new EventBuilder()
        .flow()
        .start('each')
        .step('each[0]>check', failed)
        .finish('each', {
          outcome: 'failed',
          problems: [child('step `check` failed'), failedAssertion(), refusedConnection()],
        }),
    );
    expect(seen.steps.map(({ own, hasBadChild }) => [own.map(({ kind }) => kind), hasBadChild])).toEqual([
      [['assertion'], false],
      [['connection'], true],
    ]);
    expect(listAddresses(seen)).toEqual(['each[0]>check']);
  });

  it('takes a failure back when a control around it passes, in whichever attempt', () => {
    const builder = new EventBuilder().flow().start('each').start('each[0]>inner');
    builder.step('each[0]>inner>check', failed).finish('each[0]>inner', { outcome: 'failed' });
    builder.start('each', { attempt: 2 }).step('each[0]>inner').finish('each').step('other', failed);
    expect(listAddresses(fold(builder))).toEqual(['other']);
  });

  it('counts what is more than it lists, and takes that back too', () => {
    const builder = new EventBuilder().flow().start('out').start('out[0]>in');
    for (let round = 0; round < 80; round++) builder.step(`out[0]>in[${round}]>check`, failed);
    const kept = fold(new EventBuilder().add(...builder.events)).fold.failures;
    expect([kept.failures.length, kept.more]).toEqual([50, 30]);
    const forgiven = fold(builder.finish('out[0]>in', failed).finish('out').step('last', failed)).fold.failures;
    expect([forgiven.failures.map(({ address }) => address), forgiven.more]).toEqual([['last'], 0]);
  });

  it('lists no look of a poll, and no control whose look failed without it', () => {
    const builder = new EventBuilder()
      .flow()
      .start('wait')
      .step('wait>look', { ...failed, role: 'look' });
    const seen = fold(builder.finish('wait', { outcome: 'failed', problems: [failedAssertion()] }));
    expect(listAddresses(seen)).toEqual(['wait']);
  });

  it('names what a cut teardown left undone, and leaves the interruption to the end of the run', () => {
    const interrupted = {
      outcome: 'errored',
      kind: 'interrupted',
      message: 'interrupted by SIGINT',
      signal: 'SIGINT',
    } as const;
    const builder = new EventBuilder()
      .flow()
      .step('create', { outcome: 'errored', problems: [interrupted] })
      .skip('not reached', 'pay')
      .step('teardown/remove', { outcome: 'errored', problems: [interrupted] })
      .skip('not reached', 'teardown/log_out')
      .endFlow('errored', { problems: [interrupted, { ...interrupted, kind: 'teardown' }] });
    const seen = fold(builder);
    expect(seen.flows[0]?.own).toHaveLength(2);
    expect(seen.flows[0]?.listed.map(({ message }) => message)).toEqual([
      'teardown did not run: `log_out`; teardown did not finish: `remove`',
    ]);
    expect(seen.fold.notReached).toBe(2);
    expect(seen.fold.failures.failures).toHaveLength(1);
  });

  it('leaves a problem of the flow to the step of its teardown that shows it', () => {
    const { message: _, ...refused } = refusedConnection();
    const builder = new EventBuilder()
      .flow()
      .step('teardown/remove', { outcome: 'errored', problems: [refusedConnection()] })
      .endFlow('errored', { problems: [{ ...refused, kind: 'teardown', message: 'teardown step errored' }] });
    expect(fold(builder).flows[0]).toMatchObject({ own: [], listed: [] });
  });

  it('keeps nothing of steps that are over', () => {
    const builder = new EventBuilder().flow().start('each');
    for (let round = 0; round < 1000; round++) builder.step(`each[${round}]>check`);
    expect([...fold(builder).fold.running].map(({ step }) => step.address)).toEqual(['each']);
  });
});
