import { type Host, setKey, type Value } from '../../expr/index.ts';
import type { Problem } from '../../model/events.ts';
import type { FlowPlan } from '../../model/plan.ts';
import type { CalledEnd, FlowCall } from '../lifetimes/called.ts';
import type { CalledFlows } from '../lifetimes/called-flows.ts';
import type { Ledger } from '../lifetimes/ledger.ts';
import { makeVariables, type OpenedFlow } from '../lifetimes/opened-flow.ts';
import type { FlowPhases } from '../run/flow-outcome.ts';
import { type FlowEnd, FlowRunner } from '../run/flow-runner.ts';
import { StepRunner } from '../run/step-runner.ts';
import { type Output, takeNamedOutput } from './take-output.ts';

/** Makes what runs an execution of a flow, with the flows that its steps call. */
export function createFlowRunner({ facts, ledger, services, preparation }: OpenedFlow): FlowRunner {
  const runner = new CallingRunner(facts, ledger, services);
  return new FlowRunner(facts, services, { ledger, runner, preparation });
}

class CallingRunner extends StepRunner {
  callFlow(call: FlowCall): Promise<CalledEnd> {
    return callFlow(this.called, call);
  }
}

/** Runs a flow that a step of another calls, from its variables to its teardown. */
async function callFlow(called: CalledFlows, call: FlowCall): Promise<CalledEnd> {
  const { step } = call;
  if (!step.calls) throw new Error(`\`${step.address}\` calls no flow`);
  const opened = called.open(step.calls, call);
  const { services, context } = opened;
  try {
    const problem = makeVariables(opened);
    const chosen = {
      setup: step.children.filter(({ phase }) => phase === 'setup'),
      steps: step.children.filter(({ phase }) => phase === 'steps'),
      teardown: step.children.filter(({ phase }) => phase === 'teardown'),
    };
    const watches = step.isAround ? [] : step.calls.watches;
    const end = await createFlowRunner(opened).run({ context, chosen, watches, broken: problem ? [problem] : [] });
    return describeEnd(opened, end);
  } finally {
    services.stops.leave();
  }
}

function describeEnd({ facts, ledger, services }: OpenedFlow, end: FlowEnd): CalledEnd {
  const { outcome, phases, counts, skip } = end;
  const ends = phases ? [...phases.setup.ends, ...phases.steps.ends] : [];
  const stepCount = counts.passed + counts.failed + counts.errored;
  const problems = end.problems.map((problem) => describeProblem(problem, facts.run.flowName));
  if (outcome !== 'passed' || !phases) return { outcome, ends, problems, output: {}, notes: [], stepCount, skip };
  const { output, failures, notes } = takeOutput(facts.plan, phases, { ledger, host: services.createHost('output') });
  return { outcome: failures[0]?.outcome ?? outcome, ends, problems: failures, output, notes, stepCount, skip };
}

/** Which flow a signal ended is more than that it did. */
function describeProblem({ signal: _, ...problem }: Problem, name: string): Problem {
  return { ...problem, message: `flow "${name}": ${problem.message}` };
}

/** What the caller sees: the flow's `output`, or all that its setup and steps captured. */
function takeOutput(plan: FlowPlan, phases: FlowPhases, { ledger, host }: { ledger: Ledger; host: Host }): Output {
  if (plan.output) return takeNamedOutput(plan.output, { env: phases.steps.context, ledger, host });
  const output: { [name: string]: Value } = {};
  for (const { end } of [...phases.setup.ends, ...phases.steps.ends]) {
    for (const { name, value } of end.captures) setKey(output, name, value);
  }
  return { output, failures: [], notes: [] };
}
