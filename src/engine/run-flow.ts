import { setKey, type Value } from '../expr/index.ts';
import type { Outcome, OutcomeCounts, Problem } from '../model/events.ts';
import { toLocation } from '../model/location.ts';
import { positionAt } from '../model/source-file.ts';
import { describeFailure } from './act.ts';
import { type ChosenSteps, chooseSteps } from './chosen-steps.ts';
import type { Context } from './context.ts';
import { countSteps, type FlowPhases, judgeFlow, listFlowProblems } from './flow-outcome.ts';
import { type FlowPlace, type OpenedFlow, openFlow } from './flow-scope.ts';
import { listVariables, listVolatileNames, registerSecrets, renderVariables } from './flow-variables.ts';
import { prepareKnown } from './prepare-steps.ts';
import { countOutcomes } from './problems.ts';
import type { FlowRun } from './run-options.ts';
import { NOT_REACHED, type PhaseEnd, runPhase } from './run-phase.ts';
import type { FlowScope, RunScope } from './run-scope.ts';

const DEFAULT_TEARDOWN_MS = 30_000;
const CLOSE_MS = 5000;
/** How long closing may take once everything is to end at once. */
const HURRIED_CLOSE_MS = 250;

/** What became of a flow. */
export interface FlowOutcome {
  readonly outcome: Outcome;
  /** Of all phases. */
  readonly steps: OutcomeCounts;
}

/** Runs one flow from its variables to its teardown, and closes what it opened. */
export async function runFlow(run: RunScope, flow: FlowRun, place: FlowPlace): Promise<FlowOutcome> {
  const chosen = chooseSteps(flow.plan, flow.selection);
  const opened = openFlow(run, flow, chosen, place);
  const { scope } = opened;
  const startedAt = scope.clock.monotonic();
  try {
    const problems = beginFlow(opened, flow);
    const end = flow.plan.skip === undefined ? await runPhases(opened, chosen, problems) : skipFlow(flow.plan.skip);
    await closeResources(scope);
    tellFlowFinished(scope, end, scope.clock.monotonic() - startedAt);
    return { outcome: end.outcome, steps: end.counts };
  } finally {
    scope.stops.dispose();
  }
}

/** Tells of a flow that was never begun. */
export function tellUnstarted(run: RunScope, flow: FlowRun, place: FlowPlace, reason: string): FlowOutcome {
  const opened = openFlow(run, flow, chooseSteps(flow.plan, flow.selection), place);
  tellFlowStarted(opened, flow);
  const end = skipFlow(reason);
  tellFlowFinished(opened.scope, end, 0);
  opened.scope.stops.dispose();
  return { outcome: end.outcome, steps: end.counts };
}

/** Makes the variables and tells that the flow began; gives what was wrong. */
function beginFlow(opened: OpenedFlow, flow: FlowRun): readonly Problem[] {
  const { scope, variables } = opened;
  registerSecrets(scope.run.secrets, scope.secretNames, variables);
  const problems: Problem[] = [];
  if (flow.plan.skip === undefined) {
    const { problem, error } = renderVariables(variables);
    if (problem) problems.push(problem);
    if (problem?.kind === 'internal') scope.run.tellBug(error);
    registerSecrets(scope.run.secrets, scope.secretNames, variables);
  }
  tellFlowStarted(opened, flow);
  return problems;
}

function tellFlowStarted({ scope, context, variables }: OpenedFlow, flow: FlowRun): void {
  const { plan, inputs, selection } = flow;
  scope.run.emit({
    type: 'flow_started',
    at: scope.clock.now(),
    flow: scope.index,
    ...placeOfFlow(scope),
    traceId: scope.facts.traceId,
    tags: plan.tags,
    overrides: inputs.overrides,
    variables: listVariables(plan, context, scope.secretNames),
    volatileNames: listVolatileNames(variables),
    isPartial: selection !== undefined,
    longestId: Math.max(0, ...[...plan.setup, ...plan.steps, ...plan.teardown].map((step) => step.id.length)),
  });
}

/** How a flow ended. */
interface FlowEnd {
  readonly outcome: Outcome;
  readonly skipReason?: string | undefined;
  readonly counts: OutcomeCounts;
  readonly problems: readonly Problem[];
  readonly captures: Readonly<Record<string, Value>>;
}

function skipFlow(skipReason: string): FlowEnd {
  return { outcome: 'skipped', skipReason, counts: countOutcomes([]), problems: [], captures: {} };
}

async function runPhases(opened: OpenedFlow, chosen: ChosenSteps, broken: readonly Problem[]): Promise<FlowEnd> {
  const { scope, context } = opened;
  const before = [...broken, ...limitFlow(scope, context)];
  if (before.length === 0) before.push(...(await prepareFlow(scope, context)));
  const unless = (isBroken: boolean): string | undefined => (isBroken ? NOT_REACHED : undefined);
  const isBroken = before.length > 0;
  const setup = await runPhase(scope, { phase: 'setup', steps: chosen.setup, context, skipReason: unless(isBroken) });
  const skipReason = unless(isBroken || setup.isBroken || setup.cut !== undefined);
  const steps = await runPhase(scope, { phase: 'steps', steps: chosen.steps, context: setup.context, skipReason });
  const teardown = await runTeardown(scope, chosen, steps.context);
  const phases = { setup, steps, teardown };
  const problems = listFlowProblems(before, phases);
  const outcome = judgeFlow(problems, phases);
  const reason = outcome === 'skipped' ? tellNothingRan(scope) : undefined;
  return { outcome, skipReason: reason, counts: countSteps(phases), problems, captures: listCaptures(phases) };
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
async function prepareFlow(scope: FlowScope, context: Context): Promise<readonly Problem[]> {
  if (scope.preparation.pending.size === 0) return [];
  const failures = await prepareKnown(scope, context);
  const fatal = failures.filter(({ step }) => !scope.preparation.conditional.has(step) && step.phase !== 'teardown');
  return fatal.map(({ step, error }): Problem => {
    const { problem } = describeFailure(scope, error).thrown;
    const message = `step \`${step.id}\` cannot be prepared: ${problem.message}`;
    return { ...problem, outcome: 'errored', message, location: problem.location ?? toLocation(step.span) };
  });
}

function runTeardown(scope: FlowScope, { teardown: steps }: ChosenSteps, context: Context): Promise<PhaseEnd> {
  const { isTeardownSkipped, teardownTimeoutMs = DEFAULT_TEARDOWN_MS } = scope.run.options;
  if (isTeardownSkipped) return runPhase(scope, { phase: 'teardown', steps, context, skipReason: 'what ran is kept' });
  if (steps.length > 0) scope.stops.limitTeardown(teardownTimeoutMs);
  return runPhase(scope, { phase: 'teardown', steps, context });
}

function tellNothingRan({ run, clock, plan }: FlowScope): string {
  const text = `nothing ran in flow \`${plan.name}\`: all its steps were skipped`;
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

async function closeResources({ resources, run, clock, plan }: FlowScope): Promise<void> {
  const isHurried = run.options.interrupt.hard.aborted;
  for (const failure of await resources.closeAll(isHurried ? HURRIED_CLOSE_MS : CLOSE_MS)) {
    run.emit({ type: 'run_noted', at: clock.now(), level: 'warning', text: `flow \`${plan.name}\`: ${failure}` });
  }
}

function tellFlowFinished(scope: FlowScope, end: FlowEnd, durationMs: number): void {
  scope.run.emit({
    type: 'flow_finished',
    at: scope.clock.now(),
    flow: scope.index,
    ...placeOfFlow(scope),
    outcome: end.outcome,
    skipReason: end.skipReason,
    durationMs,
    counts: end.counts,
    captures: end.captures,
    secretNames: [...scope.secretNames],
    problems: end.problems,
  });
}

function placeOfFlow({ plan }: FlowScope): { id: string; name: string; file: string; line: number } {
  const { id, name, file, span } = plan;
  return { id, name, file: file.path, line: positionAt(file, span.start).line };
}
