import type { Env, Host, Value } from '../../expr/index.ts';
import { layerOver } from '../../expr/index.ts';
import type { ActionOutcome } from '../../model/action/outcome.ts';
import type { Detail, Problem } from '../../model/events.ts';
import { toLocation } from '../../model/location.ts';
import type { CapturePlan, StepPlan } from '../../model/plan.ts';
import type { Ledger } from '../lifetimes/ledger.ts';
import type { Acted } from '../outcome/acted.ts';
import { checkExpectedError } from '../outcome/check-error.ts';
import { type AssertionOptions, checkAssertions } from '../outcome/check-expression.ts';
import { learnDenied, listDenied } from '../outcome/denied-keys.ts';
import { learnThings } from '../outcome/item-keys.ts';
import { isRefusal, locateProblem } from '../outcome/problems.ts';
import type { OnRemark } from '../outcome/take-value.ts';
import type { Thrown } from '../outcome/thrown.ts';
import { refuseHidden } from '../recorded/hidden-reads.ts';
import type { ChildrenEnd } from './child-runner.ts';
import { learnSecrets } from './learn-secrets.ts';
import type { Capture } from './step-types.ts';
import { takeCaptures } from './take-captures.ts';

type Result = Readonly<Record<string, Value>>;

/** What is to be said of an attempt. */
export interface Judged {
  readonly result?: Result | undefined;
  readonly env: Env;
  readonly summary: string;
  readonly problems: readonly Problem[];
  readonly captures: readonly Capture[];
  readonly details: readonly Detail[];
}

export interface JudgeOptions {
  readonly ledger: Ledger;
  readonly step: StepPlan;
  /** What is captured that nobody is to see, by the poll whose look it is, too. */
  readonly captures?: readonly CapturePlan[] | undefined;
  /** The names that the step's settings saw. */
  readonly env: Env;
  readonly host: Host;
  /** Whether it is judged from a record, in which nothing is that was secret. */
  readonly isRecorded?: boolean;
  readonly onRemark: OnRemark;
  readonly onCheck?: AssertionOptions['onCheck'];
}

/** Holds what an action came to against what the step expects, and takes the captures of one that passed. */
export function judge(options: JudgeOptions, acted: Acted): Judged {
  const { step } = options;
  if (acted.kind === 'threw') {
    const isOfPeer = acted.thrown.source === 'action' && !isRefusal(acted.thrown.problem);
    if (step.expectsError && isOfPeer) return judgeExpectedError(options, acted.thrown);
    return { ...judgeThrown(options, acted.thrown), captures: takeChildCaptures(options, acted.children) };
  }
  const { outcome, children } = acted;
  const own =
    children.problems.length === 0 ? (outcome.problems ?? []) : [...(outcome.problems ?? []), ...children.problems];
  const details = outcome.details ?? [];
  if (!step.expectsError) {
    const { result, summary, asides, denied, itemKeys } = outcome;
    const set = outcome.captures ? { ...children.captures, ...outcome.captures } : children.captures;
    const judged = judgeResult(options, { result, summary, problems: own, details, set, asides, denied, itemKeys });
    return judged.problems.length === 0 ? judged : { ...judged, captures: takeChildCaptures(options, children) };
  }
  const [problem] = own;
  if (children.refusal || own.some(isRefusal))
    return judgeResult({ ...options, isUnexpected: true }, { ...outcome, problems: own, details });
  if (problem) return judgeExpectedError(options, { problem, details, data: {}, source: 'action' });
  const missing = describeSuccess(step, outcome);
  return judgeResult({ ...options, isUnexpected: true }, { ...outcome, problems: [missing], details });
}

function judgeThrown({ step, env }: JudgeOptions, thrown: Thrown): Judged {
  const problem = locateProblem(thrown.problem, step);
  return {
    env,
    summary: problem.code ?? problem.kind,
    problems: [problem],
    captures: [],
    details: thrown.details,
  };
}

function judgeExpectedError(options: JudgeOptions, { problem, details, data }: Thrown): Judged {
  const other = checkExpectedError(options.step, problem, options);
  const { kind, message, code = null } = problem;
  const result = { error: { kind, code, message, ...data } };
  const found = { title: 'expected error', lines: [message] };
  const summary = `expected error ${code ?? kind}`;
  if (other)
    return judgeResult(
      { ...options, isUnexpected: true },
      { result, summary: code ?? kind, problems: [other], details },
    );
  return judgeResult(options, { result, summary, problems: [], details: [found, ...details] });
}

function describeSuccess(step: StepPlan, { summary, result }: ActionOutcome): Problem {
  const got = summary === '' ? 'succeeded' : `succeeded with ${summary}`;
  const message = `expected an error, but \`${step.action.name}\` ${got}`;
  const why = step.action.traits?.whyNoError?.(result);
  const hints = [why ?? 'remove `expect_error` if success is right'];
  return { outcome: 'failed', kind: 'expectation', message, location: toLocation(step.span), hints };
}

/** What children captured stays, whatever becomes of their control: what they made is there to be used, and to be removed. */
function takeChildCaptures(
  { ledger, step, env, host }: JudgeOptions,
  children: ChildrenEnd | undefined,
): readonly Capture[] {
  if (!children || step.children.length === 0) return [];
  return takeCaptures({ ledger, step: { ...step, output: [] }, env, host }, {}, children.captures).captures;
}

interface Found {
  readonly result: Result;
  readonly summary: string;
  readonly problems: readonly Problem[];
  readonly details: readonly Detail[];
  /** Variables that the action sets by itself. */
  readonly set?: Result | undefined;
  readonly asides?: ActionOutcome['asides'];
  readonly denied?: ActionOutcome['denied'];
  readonly itemKeys?: ActionOutcome['itemKeys'];
}

interface ResultOptions extends JudgeOptions {
  /** Whether it succeeded though an error was expected: what is asserted is asserted of the error. */
  readonly isUnexpected?: boolean;
}

function judgeResult(options: ResultOptions, found: Found): Judged {
  const { ledger, step, host, captures = [] } = options;
  const { result, details } = found;
  const env = layerOver(result, options.env);
  learnSecrets({ ledger, env: options.env, host }, captures, result);
  if (found.denied) learnDenied(env, found.denied);
  const problems = found.problems.map((problem) => locateProblem(problem, step));
  let summary = found.summary;
  const { items } = step.action.result;
  const things = items && found.itemKeys && { items, keys: found.itemKeys };
  const { onRemark, onCheck } = options;
  if (!options.isUnexpected) {
    const isIncomplete = problems.length > 0;
    const { asides } = found;
    if (things) learnThings(result, things);
    const refused = options.isRecorded ? step.assert.flatMap((one) => refuseHidden(one, env) ?? []) : [];
    problems.push(...refused);
    const asked = refused.length === 0 ? step.assert : step.assert.filter((one) => !refuseHidden(one, env));
    const broken = checkAssertions(asked, { env, host, onRemark, onCheck, isIncomplete, asides, things });
    if (found.denied && broken.length === 0) for (const text of listDenied(step.assert, found.denied)) onRemark(text);
    if (broken.length > 0) summary = addToSummary(summary, describeBroken(broken.length, step.assert.length));
    problems.push(...broken);
  }
  if (problems.length > 0) return { result, env, summary, problems, captures: [], details };
  const { isRecorded } = options;
  const taken = takeCaptures({ ledger, step, env, host, things, onRemark, isRecorded }, result, found.set ?? {});
  if (taken.problems.length > 0) return { result, env, summary, problems: taken.problems, captures: [], details };
  return { result, env, summary, problems, captures: taken.captures, details };
}

function addToSummary(summary: string, more: string): string {
  return summary === '' ? more : `${summary}, ${more}`;
}

function describeBroken(broken: number, total: number): string {
  return `${broken} of ${total} ${total === 1 ? 'assertion' : 'assertions'} ${broken === 1 ? 'is' : 'are'} false`;
}
