import { expect, it } from 'vitest';
import { StepEvents } from '../../src/engine/run/step-events.ts';
import type { Value } from '../../src/expr/index.ts';
import type { RunEvent } from '../../src/model/events.ts';
import { createFakeClock } from '../support/fake-clock.ts';
import { buildFlow, give } from '../support/plan-builder.ts';

type Made = ConstructorParameters<typeof StepEvents>;

/** The result in the event of a step that failed. */
function tell(result: Readonly<Record<string, Value>>, results: boolean): unknown {
  const told: RunEvent[] = [];
  const facts = { index: 0 } as Made[0];
  const ledger = { noteStep: () => undefined } as unknown as Made[1];
  const services = { clock: createFakeClock(), wants: { results }, emit: (event: RunEvent) => void told.push(event) };
  const events = new StepEvents(facts, ledger, services as unknown as Made[2]);
  const [step] = buildFlow({ steps: [{ id: 'a', action: give({}) }] }).steps;
  if (!step) throw new Error('no step');
  const problems = [{ outcome: 'failed' as const, kind: 'assertion', message: 'no' }];
  const end = { outcome: 'failed' as const, summary: '', result, problems, captures: [], details: [], env: new Map() };
  const frame = { position: { address: 'a', depth: 0 } };
  const finished = { frame, begin: events.begin(), end, attempts: 1, notes: [] };
  events.finished(step, finished as unknown as Parameters<StepEvents['finished']>[1]);
  const [event] = told;
  return event?.type === 'step_finished' ? event.output.result : event;
}

it.each([
  ['it is wanted', { body: 'plain' }, true, { body: 'plain' }],
  [
    'it hides something by its place',
    { user: { password: 'k9-Ru!x_2q' } },
    false,
    { user: { password: 'k9-Ru!x_2q' } },
  ],
  ['nobody wants it', { body: 'plain'.repeat(10_000) }, false, undefined],
])('a step that failed tells its result when %s', (_, result, wanted, told) => {
  expect(tell(result, wanted)).toEqual(told);
});
