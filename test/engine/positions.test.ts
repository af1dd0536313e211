import { describe, expect, it } from 'vitest';
import * as z from 'zod/mini';
import type { StepPosition } from '../../src/model/events.ts';
import { fakeAction } from '../support/plan-builder.ts';
import { startText } from '../support/run-text.ts';

const LIB = `
name: Library
setup: [ { id: begin, action: tell } ]
steps: [ { id: made, action: tell, cleanup: { action: tell } } ]
`;

/** Does everything that has an event of its own. */
const tell = fakeAction(
  (_config, io) => {
    io.report.progress('waits');
    io.report.log('info', 'says');
    io.memory.remember('key', 1);
    return { result: { ok: false }, summary: '' };
  },
  { settings: { schema: z.unknown() }, judges: true, result: { keys: { ok: 'bool' } } },
);

/** The events of each step that ran, and where they say that it stands. */
async function locate(steps: string): Promise<Map<string, Set<string>>> {
  const run = startText(`name: x\nsteps:\n${steps}`, { files: { 'lib.yaml': LIB }, actions: { tell } });
  await run.finish();
  const places = new Map<string, Set<string>>();
  for (const event of run.events) {
    if (!('step' in event)) continue;
    const { address } = event.step;
    places.set(address, (places.get(address) ?? new Set()).add(describePlace(event.step)));
    if (event.type === 'step_started') expect(event.step.id).not.toBe('');
  }
  return places;
}

function describePlace({ parent, round, branch, depth, role }: StepPosition): string {
  const more = [round === undefined ? '' : `round ${round}`, branch ? `branch ${branch}` : '', role ?? ''];
  return [`depth ${depth}`, parent === undefined ? 'no parent' : `in ${parent}`, ...more.filter(Boolean)].join(', ');
}

describe('every event of a step says where it stands', () => {
  it.each([
    ['a step of the flow', '  - { id: a, action: tell }', { a: 'depth 0, no parent' }],
    [
      'rounds of a loop',
      '  - { id: each, action: for_each, config: { items: [1, 2], steps: [ { id: a, action: tell } ] } }',
      {
        each: 'depth 0, no parent',
        'each[0]>a': 'depth 1, in each, round 0',
        'each[1]>a': 'depth 1, in each, round 1',
      },
    ],
    [
      'branches',
      '  - { id: par, action: parallel, config: { branches: [ { name: left, steps: [ { id: a, action: tell } ] } ] } }',
      { par: 'depth 0, no parent', 'par>left>a': 'depth 1, in par, branch left' },
    ],
    [
      'the two lists of a condition',
      '  - { id: cond, action: if, config: { condition: "true", then: [ { id: a, action: tell } ], else: [ { id: b, action: tell } ] } }',
      { cond: 'depth 0, no parent', 'cond>a': 'depth 1, in cond', 'cond>b': 'depth 1, in cond' },
    ],
    [
      'a step inside of a round of a loop inside of a round',
      '  - { id: out, action: for_each, config: { items: [1], steps: [ { id: in, action: for_each, config: { items: [1], steps: [ { id: a, action: tell } ] } } ] } }',
      {
        out: 'depth 0, no parent',
        'out[0]>in': 'depth 1, in out, round 0',
        'out[0]>in[0]>a': 'depth 2, in out[0]>in, round 0',
      },
    ],
    [
      'a called flow in a loop, with its setup and what undoes it',
      '  - { id: each, action: for_each, config: { items: [1], steps: [ { id: call, action: run_flow, config: { flow: lib.yaml } } ] } }',
      {
        each: 'depth 0, no parent',
        'each[0]>call': 'depth 1, in each, round 0',
        'each[0]>call>setup/begin': 'depth 2, in each[0]>call',
        'each[0]>call>made': 'depth 2, in each[0]>call',
        'each[0]>call>teardown/made.cleanup': 'depth 2, in each[0]>call, cleanup',
      },
    ],
    [
      'what undoes a step of a loop',
      '  - { id: each, action: for_each, config: { items: [1], steps: [ { id: a, action: tell, cleanup: { action: tell } } ] } }',
      {
        each: 'depth 0, no parent',
        'each[0]>a': 'depth 1, in each, round 0',
        'teardown/each[0]>a.cleanup': 'depth 0, no parent, cleanup',
      },
    ],
  ])('%s', async (_name, steps, expected) => {
    const places = await locate(steps);
    const reported = Object.fromEntries([...places].map(([address, all]) => [address, [...all].join(' | ')]));
    expect(reported).toEqual(expected);
  });

  it('looks of a poll, and what stands inside of them', async () => {
    const places = await locate(
      '  - { id: wait, action: poll, config: { timeout: 10s, max_attempts: 2, interval: 1ms, until: ok, step: { id: look, action: tell } } }',
    );
    expect([...(places.get('wait>look') ?? [])]).toEqual([
      'depth 1, in wait, round 0, look',
      'depth 1, in wait, round 1, look',
    ]);
  });
});
