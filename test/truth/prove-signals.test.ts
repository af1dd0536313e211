import { expect, it } from 'vitest';
import type { RunEvent } from '../../src/model/events.ts';
import { judgeRun } from './prove-signals.ts';

const finished = (id: string, phase: string, outcome: string): object => ({
  type: 'step_finished',
  outcome,
  step: { id, phase, depth: 0 },
});
const begun = { type: 'flow_started' };
const undone = [finished('remove_rows', 'teardown', 'passed'), finished('remove_users', 'teardown', 'passed')];
const cut = finished('create', 'steps', 'errored');
const end = { type: 'run_finished', interrupted: 'SIGTERM' };

/** Judges a run that SIGTERM was sent to. */
function judge(events: readonly object[], more: { code?: number | null; signal?: NodeJS.Signals; output?: string }) {
  const { code = null, signal = null, output = '' } = more;
  return judgeRun({ code, signal, output, events: events as RunEvent[] }, 'SIGTERM');
}

it.each([
  ['before the flow', [], { signal: 'SIGTERM' }],
  ['before the flow', [], { code: 143 }],
  ['in steps', [begun, cut, ...undone, end], { code: 143 }],
  ['in teardown', [begun, ...undone, end], { code: 143 }],
  ['when all was done', [begun, ...undone, { type: 'run_finished' }], { code: 0 }],
] as const)('a run that was met %s is as it must be', (met, events, end) => {
  expect(judge(events, end)).toEqual({ met, faults: [] });
});

it.each([
  ['that hangs', [begun, cut], { signal: 'SIGKILL' }, 'hangs'],
  ['that ended by the signal alone', [begun, cut], { signal: 'SIGTERM' }, 'no end of the run was told'],
  ['with the code of a failure', [begun, cut, ...undone, end], { code: 3 }, 'exit code 3'],
  ['without teardown', [begun, cut, end], { code: 143 }, "teardown's remove_rows is missing"],
  [
    'whose teardown broke',
    [begun, cut, ...undone, finished('greetings_made', 'teardown', 'errored'), end],
    { code: 143 },
    "teardown's greetings_made errored",
  ],
  ['that crashed', [begun, cut, ...undone, end], { code: 143, output: 'this is a bug in testmesh' }, 'crashed'],
] as const)('a run %s is told', (_what, events, end, fault) => {
  expect(judge(events, end).faults[0]).toContain(fault);
});
