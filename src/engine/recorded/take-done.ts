import { isList, type Value } from '../../expr/index.ts';
import type { Done } from '../../model/action/done.ts';
import type { Expressions } from '../../model/action/io.ts';
import type { ActionOutcome } from '../../model/action/outcome.ts';
import type { Problem, Skip } from '../../model/events.ts';
import type { RecordedStep } from '../../model/inputs.ts';
import type { StepPlan } from '../../model/plan.ts';
import { listNames } from '../../util/suggest.ts';
import type { Surroundings } from '../names/surroundings.ts';
import { type Acted, skipActed } from '../outcome/acted.ts';
import { checkClaim, checkExpression } from '../outcome/check-expression.ts';
import { NO_CHILDREN } from '../outcome/no-children.ts';
import { isHidden } from './hidden-reads.ts';
import { compareSettings, TIMEOUT } from './settings-digest.ts';

type Result = Readonly<Record<string, Value>>;

/** A step as it would be done now. */
export interface WouldDo {
  readonly step: StepPlan;
  readonly settings: readonly string[];
  readonly config: unknown;
  readonly around: Surroundings;
  readonly runId: string;
}

const MOST_SETTINGS = 5;

/** What an action came to when it was recorded, in the place of doing it; where it would not do the same now, that it is not judged. */
export function takeDone(recorded: RecordedStep | undefined, would: WouldDo): Acted {
  const { step, settings, runId } = would;
  if (!recorded) return skipActed(notJudged(`run ${runId} has no record of it`));
  const { evidence, output, problems } = recorded.finished;
  const { done } = evidence;
  if (!done) {
    const [problem] = problems;
    const why = problem ? `it was not done in run ${runId}: ${problem.message}` : tellOldRecord(runId);
    return skipActed(notJudged(why));
  }
  const isEnded = problems.some(({ kind }) => kind === 'interrupted' || kind === 'stopped');
  if (isEnded) return skipActed(notJudged(`it was ended in run ${runId} before it was done`));
  // Nobody waited longer than it took.
  const different = compareSettings(done.settings, settings).filter((name) => done.isThrown || name !== TIMEOUT);
  const again = different.length > 0 ? chooseAgain(recorded, different, would) : undefined;
  if (different.length > 0 && !again) return skipActed(notJudged(describeDifferent(different, runId)));
  if (again) return { kind: 'done', outcome: again, children: NO_CHILDREN };
  if (done.isThrown) return throwAgain(step, recorded, runId);
  if (!output.result) return recorded.isCut ? throwCut(step, runId) : skipActed(notJudged(tellOldRecord(runId)));
  const outcome = {
    result: restoreResult(step, output.result),
    summary: done.summary ?? output.summary,
    problems: problems.slice(0, done.problemCount).map(withoutPlace),
    itemKeys: done.itemKeys,
  };
  return { kind: 'done', outcome, children: NO_CHILDREN };
}

/** What comes of another choice among the things that were got then; undefined where that cannot be said. */
function chooseAgain(
  { finished: { output, problems } }: RecordedStep,
  different: readonly string[],
  { step, config, around: { env, host } }: WouldDo,
): ActionOutcome | undefined {
  const { items } = step.action.result;
  const { again, list = '', first, number = '' } = items ?? {};
  const things = output.result?.[list];
  const isOther = (name: string): boolean => name !== again?.setting && !name.startsWith(`${again?.setting}.`);
  if (!again || different.some(isOther) || problems.length > 0 || !isList(things ?? null)) return undefined;
  const expressions: Expressions = {
    ...{ env, host },
    check: (at, names) => checkExpression(at, names, { host }),
    claim: (at, names) => checkClaim(at, names, { host }),
    take: (expression) => expression.evaluate(env, host),
  };
  const taken = again.choose(config, things as readonly Value[], { expressions });
  if (!taken || isHidden(taken)) return undefined;
  const counted = { [list]: taken, [number]: taken.length, ...(first && { [first]: taken[0] ?? null }) };
  const summary = `${taken.length} of ${(things as readonly Value[]).length} recorded`;
  return { result: { ...output.result, ...counted }, summary };
}

/** What has to be known of an action that was done to judge it once more. */
export function describeDone(step: StepPlan, acted: Acted, summary: string): Omit<Done, 'settings'> {
  if (acted.kind === 'threw') return { problemCount: 0, isThrown: true };
  const { problems = [], summary: said, itemKeys } = acted.outcome;
  return {
    problemCount: problems.length,
    isThrown: step.expectsError && problems.length > 0,
    ...(said !== summary && { summary: said }),
    ...(itemKeys && { itemKeys }),
  };
}

/** That a step is not judged, and why. */
export function notJudged(why: string): Skip {
  return { kind: 'not_judged', reason: `not judged: ${why}` };
}

function throwAgain(step: StepPlan, { finished: { output, problems } }: RecordedStep, runId: string): Acted {
  const error = output.result?.['error'] as Result | undefined;
  const [problem] = problems;
  if (error) {
    const { kind, code, message, ...data } = error;
    const again = { outcome: 'errored', kind: String(kind), message: String(message) } as const;
    const thrown = { ...again, code: typeof code === 'string' ? code : undefined };
    return { kind: 'threw', thrown: { problem: thrown, details: [], data, source: 'action' } };
  }
  if (!problem || step.expectsError)
    return skipActed(notJudged(`run ${runId} keeps too little of the error that it ended with`));
  return { kind: 'threw', thrown: { problem: withoutPlace(problem), details: [], data: {}, source: 'action' } };
}

function throwCut({ assert, output }: StepPlan, runId: string): Acted {
  const message = `its result was too large for the record of run ${runId}`;
  if (assert.length + output.length === 0) return skipActed(notJudged(message));
  const hints = ['leave the step out with `--skip`, or run it without `--offline`'];
  const problem: Problem = { outcome: 'errored', kind: 'authoring', message, hints };
  return { kind: 'threw', thrown: { problem, details: [], data: {}, source: 'flow' } };
}

/** The result with what stands in it twice. */
function restoreResult({ action }: StepPlan, result: Result): Result {
  const { whole } = action.result;
  return whole === undefined ? result : { ...result, [whole]: result };
}

/** Where it stood in the file that was recorded says nothing of the present one. */
function withoutPlace({ location: _, ...problem }: Problem): Problem {
  return problem;
}

/** That settings are not as they were. */
export function describeDifferent(names: readonly string[], runId: string): string {
  return `${listNames(names, MOST_SETTINGS)} ${names.length === 1 ? 'is' : 'are'} not as in run ${runId}`;
}

function tellOldRecord(runId: string): string {
  return `run ${runId} was recorded by a testmesh that kept too little of it`;
}
