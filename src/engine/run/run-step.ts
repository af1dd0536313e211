import type { Env, Host } from '../../expr/index.ts';
import type { Detail, Problem } from '../../model/events.ts';
import type { RetryPolicy, StepPlan } from '../../model/plan.ts';
import { formatDuration } from '../../util/duration.ts';
import type { FlowScope } from '../lifetimes/run-scope.ts';
import { createBuiltIns } from '../names/built-ins.ts';
import { checkCondition } from '../outcome/check-expression.ts';
import { isBudgetProblem, locateProblem } from '../outcome/problems.ts';
import { endWithEither } from '../stop/end-with-either.ts';
import { describeFailure } from './act.ts';
import { attemptStep } from './attempt-step.ts';
import { computeDelay } from './retry.ts';
import type { AttemptEnd, Frame, StepEnd } from './step-types.ts';
import { type Begin, beginStep, skipStep, tellFinished } from './tell-step.ts';

/** Runs a step, with its condition and its attempts, and tells what became of it. */
export async function runStep(scope: FlowScope, step: StepPlan, frame: Frame): Promise<StepEnd> {
  if (step.skip !== undefined) return skipStep(scope, step, frame, step.skip);
  const begin = beginStep(scope);
  let policy: RetryPolicy | undefined;
  if (step.when || step.retry) {
    const { env, host } = createSurroundings(scope, step, frame);
    const condition = step.when ? checkCondition(step.when, env, host) : true;
    if (condition === false) return skipStep(scope, step, frame, 'when is false');
    if (condition !== true) return failBeforeStart(scope, step, { frame, begin, env, problem: condition });
    try {
      policy = step.retry?.render(env, host);
    } catch (error) {
      const { problem } = describeFailure(scope, error).thrown;
      return failBeforeStart(scope, step, { frame, begin, env, problem });
    }
  }
  const attempts = await runAttempts(scope, step, { frame, policy });
  if (step.cleanup) scope.cleanups?.push({ step, address: frame.address, locals: frame.locals });
  return finishStep(scope, step, { frame, begin, attempts });
}

/** What the condition and the retry policy are evaluated with: the names of the first attempt, a randomness of their own. */
function createSurroundings(scope: FlowScope, step: StepPlan, frame: Frame): { env: Env; host: Host } {
  const { clock, facts } = scope;
  const random = () => scope.random.derive(`${frame.stream}#1`);
  const builtIns = createBuiltIns({ clock, facts, random, step: { id: step.id, attempt: 1 } });
  return { env: frame.context.withBuiltIns(builtIns), host: scope.createHost(`${frame.stream}#when`) };
}

interface EarlyFailure {
  readonly frame: Frame;
  readonly begin: Begin;
  readonly env: Env;
  readonly problem: Problem;
}

function failBeforeStart(scope: FlowScope, step: StepPlan, { frame, begin, env, problem }: EarlyFailure): StepEnd {
  const problems = [locateProblem(problem, step)];
  const end = {
    outcome: 'errored',
    summary: problem.kind,
    result: undefined,
    problems,
    captures: [],
    details: [],
    env,
  } as const;
  const { address, depth, isProbe } = frame;
  tellFinished(scope, step, { address, begin, end, depth, isProbe, attempts: 0, notes: [] });
  return end;
}

/** An attempt with how long it took, ms. */
interface TimedAttempt {
  readonly end: AttemptEnd;
  readonly durationMs: number;
}

type Attempts = readonly [TimedAttempt, ...TimedAttempt[]];

async function runAttempts(
  scope: FlowScope,
  step: StepPlan,
  { frame, policy }: { frame: Frame; policy: RetryPolicy | undefined },
): Promise<Attempts> {
  const attempts: [TimedAttempt, ...TimedAttempt[]] = [await runAttempt(scope, step, frame, 1)];
  if (!policy) return attempts;
  const random = scope.random.derive(`${frame.stream}#retry`);
  for (let attempt = 2; attempt <= policy.maxAttempts; attempt++) {
    const last = attempts[attempts.length - 1]?.end;
    if (!last || last.outcome === 'passed' || last.problems.some(isBudgetProblem)) break;
    if (!(await waitForRetry(scope, step, frame, computeDelay(policy, attempt - 1, random.random())))) break;
    attempts.push(await runAttempt(scope, step, frame, attempt));
  }
  return attempts;
}

async function runAttempt(scope: FlowScope, step: StepPlan, frame: Frame, attempt: number): Promise<TimedAttempt> {
  const startedAt = scope.clock.monotonic();
  const end = await attemptStep({ scope, step, frame, attempt, runStep });
  return { end, durationMs: scope.clock.monotonic() - startedAt };
}

/** Gives whether there is to be another attempt: none once the flow is being stopped. */
async function waitForRetry(scope: FlowScope, step: StepPlan, frame: Frame, ms: number): Promise<boolean> {
  const soon = step.phase === 'teardown' ? undefined : scope.stops.soon;
  try {
    await endWithEither(frame.signal, soon, (signal) => scope.clock.sleep(ms, signal));
    return true;
  } catch {
    return false;
  }
}

function finishStep(
  scope: FlowScope,
  step: StepPlan,
  { frame, begin, attempts }: { frame: Frame; begin: Begin; attempts: Attempts },
): StepEnd {
  const { end: last } = attempts[attempts.length - 1] ?? attempts[0];
  const { outcome, summary, problems, captures, exchange, env } = last;
  const result = step.isAround ? undefined : last.result;
  const details = attempts.length === 1 ? last.details : [...last.details, describeAttempts(attempts)];
  const end = { outcome, summary, result, problems, captures, details, env };
  const { name, notes } = last;
  tellFinished(scope, step, {
    address: frame.address,
    begin,
    end,
    depth: frame.depth,
    isProbe: frame.isProbe,
    attempts: attempts.length,
    name,
    notes,
    exchange,
  });
  // Ends are kept until the flow is over, and an exchange holds all that was sent and received: only a look's is asked for.
  return frame.isProbe ? { ...end, exchange } : end;
}

function describeAttempts(attempts: Attempts): Detail {
  const lines = attempts.map(({ end, durationMs }, index) => {
    const [problem] = end.problems;
    const why = problem ? `: ${problem.message}` : '';
    return `${index + 1}  ${end.outcome} after ${formatDuration(durationMs)}${why}`;
  });
  return { title: 'attempts', lines };
}
