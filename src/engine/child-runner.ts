import { setKey, type Value } from '../expr/index.ts';
import type { ActionIo, ChildOutcome, ChildStep, RunStepOptions } from '../model/action.ts';
import type { Problem } from '../model/events.ts';
import type { StepPlan } from '../model/plan.ts';
import type { AttemptOptions, StepEnd } from './step-types.ts';
import type { StopError } from './stop.ts';

/** Runs the children of one attempt of a control, and keeps what the control cannot judge away. */
export interface ChildRunner {
  /** What the control's `io.runStep` is, while the signal is not aborted. */
  startUnder(signal: AbortSignal): ActionIo['runStep'];
  /** Of children that failed or errored, but for probes. */
  readonly problems: readonly Problem[];
  /** Variables of children that passed; of one that ran several times, those of the last. */
  readonly captures: Readonly<Record<string, Value>>;
  /** Why a child was not started any more. */
  readonly stop: StopError | undefined;
}

/** Makes the runner of a control's attempt. */
export function createChildRunner(options: AttemptOptions): ChildRunner {
  const { scope, step, frame } = options;
  const problems: Problem[] = [];
  const captures: { [name: string]: Value } = {};
  const runs = new Map<StepPlan, number>();
  let stop: StopError | undefined;

  const runChild = async (child: StepPlan, signal: AbortSignal, choices: RunStepOptions): Promise<ChildOutcome> => {
    const isProbe = choices.isProbe ?? false;
    const reason = step.phase === 'teardown' ? scope.stops.teardownStopping : scope.stops.stopping;
    if (reason && !isProbe) {
      stop = reason;
      throw reason;
    }
    const run = (runs.get(child) ?? 0) + 1;
    runs.set(child, run);
    const { bindings, signal: own } = choices;
    const end = await options.runStep(scope, child, {
      context: bindings ? frame.context.withBindings(bindings) : frame.context,
      signal: own ? AbortSignal.any([signal, own]) : signal,
      depth: frame.depth + 1,
      isProbe,
      stream: `${frame.stream}#${options.attempt}>${child.id}[${run}]`,
    });
    if (!isProbe && end.outcome !== 'skipped' && end.outcome !== 'passed') problems.push(describeChild(child, end));
    for (const { name, value } of end.captures) setKey(captures, name, value);
    return toChildOutcome(end);
  };

  return {
    startUnder: (signal) => (child, choices) => runChild(findChild(step, child), signal, choices ?? {}),
    problems,
    captures,
    get stop() {
      return stop;
    },
  };
}

function findChild(step: StepPlan, child: ChildStep): StepPlan {
  const found = step.children.find((candidate) => candidate === child);
  if (!found) throw new Error(`\`${child.address}\` is no child of \`${step.address}\``);
  return found;
}

/** The problem that a child's failure is for its control; the child's own report tells the rest. */
function describeChild(child: StepPlan, end: StepEnd): Problem {
  const [first] = end.problems;
  const message = `step \`${child.id}\` ${end.outcome}${first ? `: ${first.message}` : ''}`;
  const outcome = end.outcome === 'failed' ? 'failed' : 'errored';
  return { outcome, kind: 'child', code: first?.code, message, location: first?.location };
}

function toChildOutcome({ outcome, result, problems, details, captures, summary, env }: StepEnd): ChildOutcome {
  const values: { [name: string]: Value } = {};
  for (const { name, value } of captures) setKey(values, name, value);
  return { outcome, result, problems, details, captures: values, summary, env };
}
