import type { Outcome, OutcomeCounts, Problem } from '../../model/events.ts';
import type { RowPlan } from '../../model/plan.ts';
import { positionAt } from '../../model/source-file.ts';
import { chooseSteps, listUnreached } from '../lifetimes/chosen-steps.ts';
import { closeOwned } from '../lifetimes/close-owned.ts';
import { type FlowPlace, type OpenedFlow, openFlow } from '../lifetimes/flow-scope.ts';
import type { FlowRun } from '../lifetimes/run-options.ts';
import type { FlowScope, RunScope } from '../lifetimes/run-scope.ts';
import { listVariables, listVolatileNames } from '../names/flow-variables.ts';
import { makeVariables } from '../names/make-variables.ts';
import { countOutcomes } from '../outcome/problems.ts';
import { type FlowEnd, runPhases } from '../run/run-phases.ts';

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
    const end =
      flow.plan.skip === undefined
        ? checkChosen(await runPhases(scope, { context: opened.context, chosen, broken: problems }), scope, flow)
        : skipFlow(flow.plan.skip);
    await closeResources(scope);
    tellFlowFinished(scope, end, { row: flow.row, durationMs: scope.clock.monotonic() - startedAt });
    return { outcome: end.outcome, steps: end.counts };
  } finally {
    scope.stops.dispose();
  }
}

/** Tells of a flow that was never begun. */
export function tellUnstarted(run: RunScope, flow: FlowRun, place: FlowPlace, reason: string): FlowOutcome {
  const opened = openFlow(run, flow, chooseSteps(flow.plan, flow.selection), place);
  makeVariables(opened, flow.plan.nameTemplate !== undefined);
  tellFlowStarted(opened, flow);
  const end = skipFlow(reason);
  tellFlowFinished(opened.scope, end, { row: flow.row, durationMs: 0 });
  opened.scope.stops.dispose();
  return { outcome: end.outcome, steps: end.counts };
}

/** Makes the variables and tells that the flow began; gives what was wrong. */
function beginFlow(opened: OpenedFlow, flow: FlowRun): readonly Problem[] {
  const isSkipped = flow.plan.skip !== undefined;
  const problem = makeVariables(opened, !isSkipped || flow.plan.nameTemplate !== undefined);
  tellFlowStarted(opened, flow);
  return problem && !isSkipped ? [problem] : [];
}

function tellFlowStarted({ scope, context, variables }: OpenedFlow, flow: FlowRun): void {
  const { plan, inputs, selection } = flow;
  scope.run.emit({
    type: 'flow_started',
    at: scope.clock.now(),
    flow: scope.index,
    ...placeOfFlow(scope, flow.row),
    traceId: scope.facts.traceId,
    tags: plan.tags,
    overrides: inputs.overrides,
    variables: listVariables(plan, context, scope.secretNames),
    volatileNames: listVolatileNames(variables),
    row: flow.row?.number,
    isPartial: selection !== undefined,
    longestId: Math.max(0, ...[...plan.setup, ...plan.steps, ...plan.teardown].map((step) => step.id.length)),
  });
}

/** A chosen round that its loop does not have must not pass for one that went well. */
function checkChosen(end: FlowEnd, { told }: FlowScope, { selection }: FlowRun): FlowEnd {
  if (!selection || !told || end.outcome !== 'passed') return end;
  const problems = listUnreached(selection, told).map((address): Problem => {
    const message = `\`${address}\` did not run: there is no such round`;
    return { outcome: 'errored', kind: 'selection', message, hints: ['rounds count from 0'] };
  });
  return problems.length === 0 ? end : { ...end, outcome: 'errored', problems: [...end.problems, ...problems] };
}

function skipFlow(skipReason: string): FlowEnd {
  return { outcome: 'skipped', skipReason, counts: countOutcomes([]), problems: [], captures: {}, phases: undefined };
}

async function closeResources({ resources, session, run, facts }: FlowScope): Promise<void> {
  const told = `flow \`${facts.flowName}\`: `;
  await closeOwned(run, resources, told);
  await closeOwned(run, session, told);
}

function tellFlowFinished(
  scope: FlowScope,
  end: FlowEnd,
  { row, durationMs }: { row: RowPlan | undefined; durationMs: number },
): void {
  scope.run.emit({
    type: 'flow_finished',
    at: scope.clock.now(),
    flow: scope.index,
    ...placeOfFlow(scope, row),
    outcome: end.outcome,
    skipReason: end.skipReason,
    durationMs,
    counts: end.counts,
    captures: end.captures,
    secretNames: [...scope.secretNames],
    problems: end.problems,
  });
}

function placeOfFlow(
  { plan, facts }: FlowScope,
  row: RowPlan | undefined,
): { id: string; name: string; file: string; line: number } {
  const { id, file, span } = plan;
  const name = row ? `${facts.flowName} [row ${row.number}: ${row.label}]` : facts.flowName;
  return { id, name, file: file.path, line: positionAt(file, span.start).line };
}
