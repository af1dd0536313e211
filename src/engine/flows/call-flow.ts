import { CaptureError } from '../../capture/capture-error.ts';
import { ExprError, setKey, type Value } from '../../expr/index.ts';
import type { Problem } from '../../model/events.ts';
import { toLocation } from '../../model/location.ts';
import type { CapturePlan, FlowPlan } from '../../model/plan.ts';
import type { CalledEnd, FlowCall } from '../lifetimes/called.ts';
import { openCalledFlow } from '../lifetimes/flow-scope.ts';
import type { FlowScope } from '../lifetimes/run-scope.ts';
import { makeVariables } from '../names/make-variables.ts';
import { rankExpressionError } from '../outcome/problems.ts';
import { describeThrown } from '../outcome/thrown.ts';
import type { FlowPhases } from '../run/flow-outcome.ts';
import { type FlowEnd, runPhases } from '../run/run-phases.ts';

/** Runs a flow that a step of another calls, from its variables to its teardown. */
export async function callFlow(around: FlowScope, call: FlowCall): Promise<CalledEnd> {
  const { step } = call;
  const plan = step.calls;
  if (!plan) throw new Error(`\`${step.address}\` calls no flow`);
  const opened = openCalledFlow(around, plan, call);
  const { scope, context } = opened;
  try {
    const problem = makeVariables(opened);
    const chosen = {
      setup: step.children.filter(({ phase }) => phase === 'setup'),
      steps: step.children.filter(({ phase }) => phase === 'steps'),
      teardown: step.children.filter(({ phase }) => phase === 'teardown'),
    };
    const end = await runPhases(scope, { context, chosen, broken: problem ? [problem] : [] });
    return describeEnd(scope, plan, end);
  } finally {
    scope.stops.dispose();
  }
}

function describeEnd(scope: FlowScope, plan: FlowPlan, end: FlowEnd): CalledEnd {
  const { outcome, phases, counts, skipReason } = end;
  const ends = phases ? [...phases.setup.ends, ...phases.steps.ends] : [];
  const stepCount = counts.passed + counts.failed + counts.errored;
  const problems = end.problems.map((problem) => describeProblem(problem, scope.facts.flowName));
  if (outcome !== 'passed' || !phases) return { outcome, ends, problems, output: {}, stepCount, skipReason };
  const { output, failures } = takeOutput(scope, plan, phases);
  return { outcome: failures[0]?.outcome ?? outcome, ends, problems: failures, output, stepCount, skipReason };
}

function describeProblem(problem: Problem, name: string): Problem {
  return { ...problem, message: `flow "${name}": ${problem.message}` };
}

interface Output {
  readonly output: Readonly<Record<string, Value>>;
  readonly failures: readonly Problem[];
}

/** What the caller sees: the flow's `output`, or all that its setup and steps captured. */
function takeOutput(scope: FlowScope, plan: FlowPlan, phases: FlowPhases): Output {
  const output: { [name: string]: Value } = {};
  if (!plan.output) {
    for (const { end } of [...phases.setup.ends, ...phases.steps.ends]) {
      for (const { name, value } of end.captures) setKey(output, name, value);
    }
    return { output, failures: [] };
  }
  const host = scope.createHost('output');
  const failures: Problem[] = [];
  for (const capture of plan.output) {
    try {
      setKey(output, capture.name, capture.extract({}, phases.steps.context, host));
    } catch (error) {
      failures.push(describeMissing(capture, error));
    }
    if (capture.secret) scope.run.secrets.add(output[capture.name] ?? null);
  }
  return { output, failures };
}

function describeMissing({ name, text }: CapturePlan, error: unknown): Problem {
  if (!(error instanceof CaptureError) && !(error instanceof ExprError)) return describeThrown(error).problem;
  const message = `the output \`${name}\` cannot be made: ${error.message}`;
  const rank = rankExpressionError(error, { outcome: 'errored', kind: 'capture' });
  return { ...rank, message, location: toLocation(text.span) };
}
