import { setKey, type Value } from '../../expr/index.ts';
import type { Outcome, OutcomeCounts, Problem } from '../../model/events.ts';
import { toLocation } from '../../model/location.ts';
import type { ChosenSteps } from '../lifetimes/chosen-steps.ts';
import type { FlowScope } from '../lifetimes/run-scope.ts';
import type { Context } from '../names/context.ts';
import { describeFailure } from './act.ts';
import { countSteps, type FlowPhases, judgeFlow, listFlowProblems } from './flow-outcome.ts';
import { isFatal, prepareCalls } from './prepare-calls.ts';
import { prepareInPhase, runPhase } from './run-phase.ts';
import { NOT_REACHED } from './run-sequence.ts';
import { runTeardown } from './run-teardown.ts';

/** How a flow ended. */
export interface FlowEnd {
  readonly outcome: Outcome;
  readonly skipReason?: string | undefined;
  readonly counts: OutcomeCounts;
  readonly problems: readonly Problem[];
  readonly captures: Readonly<Record<string, Value>>;
  /** Undefined for a flow that was not begun. */
  readonly phases: FlowPhases | undefined;
}

export interface PhasesOptions {
  readonly context: Context;
  readonly chosen: ChosenSteps;
  /** What was wrong before the first step: then none runs but teardown's. */
  readonly broken: readonly Problem[];
}

/** Runs setup, steps and teardown of a flow whose variables are made. */
export async function runPhases(scope: FlowScope, options: PhasesOptions): Promise<FlowEnd> {
  const { context, chosen, broken } = options;
  const before = [...broken, ...limitFlow(scope, context)];
  if (before.length === 0) before.push(...(await prepareFlow(scope, options)));
  const unless = (isBroken: boolean): string | undefined => (isBroken ? NOT_REACHED : undefined);
  const isBroken = before.length > 0;
  const setup = await runPhase(scope, { phase: 'setup', steps: chosen.setup, context, skipReason: unless(isBroken) });
  const notReached = unless(isBroken || setup.isBroken || setup.cut !== undefined);
  const steps = await runPhase(scope, {
    phase: 'steps',
    steps: chosen.steps,
    context: setup.context,
    skipReason: notReached,
  });
  const teardown = await runTeardown(scope, chosen, steps.context);
  const phases = { setup, steps, teardown };
  const problems = listFlowProblems(before, phases);
  const outcome = judgeFlow(problems, phases);
  const skipReason = outcome === 'skipped' ? tellNothingRan(scope) : undefined;
  return { outcome, skipReason, counts: countSteps(phases), problems, captures: listCaptures(phases), phases };
}

/** Starts the flow's time; gives the problem of a timeout that cannot be made. */
function limitFlow(scope: FlowScope, context: Context): readonly Problem[] {
  try {
    const timeoutMs =
      scope.plan.timeoutMs?.render(context, scope.createHost('timeout')) ?? scope.run.options.flowTimeoutMs;
    if (timeoutMs !== undefined) scope.stops.limitFlow(timeoutMs);
    return [];
  } catch (error) {
    return [describeFailure(scope, error).thrown.problem];
  }
}

/** Prepares what can be before the first step; a peer that is needed in any case and does not answer is the flow's problem. */
async function prepareFlow(scope: FlowScope, { context, chosen }: PhasesOptions): Promise<readonly Problem[]> {
  const { preparation, stops, addressOf } = scope;
  const steps = [...chosen.setup, ...chosen.steps, ...chosen.teardown];
  const own = preparation.pending.size === 0 ? [] : await prepareInPhase(scope, context);
  // What a called flow waits for may happen before the call.
  const options = { preparation, context, signal: stops.main, addressOf, steps };
  const called = steps.some(({ children }) => children.length > 0) ? await prepareCalls(scope, options) : [];
  const fatal = [...own.filter((failure) => isFatal(failure, preparation)), ...called];
  return fatal.map(({ step, error }): Problem => {
    const { problem } = describeFailure(scope, error).thrown;
    const message = `step \`${step.id}\` cannot be prepared: ${problem.message}`;
    return { ...problem, outcome: 'errored', message, location: problem.location ?? toLocation(step.span) };
  });
}

function tellNothingRan({ run, clock, facts }: FlowScope): string {
  const text = `nothing ran in flow \`${facts.flowName}\`: all its steps were skipped`;
  run.emit({ type: 'run_noted', at: clock.now(), level: 'warning', text });
  return 'no step ran';
}

/** The variables that steps set, but for secrets. */
function listCaptures({ setup, steps, teardown }: FlowPhases): Readonly<Record<string, Value>> {
  const captures: { [name: string]: Value } = {};
  for (const { end } of [...setup.ends, ...steps.ends, ...teardown.ends]) {
    for (const { name, value, isSecret } of end.captures) if (!isSecret) setKey(captures, name, value);
  }
  return captures;
}
