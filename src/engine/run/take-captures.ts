import { CaptureError } from '../../capture/capture-error.ts';
import { type Env, ExprError, type Host, type Value } from '../../expr/index.ts';
import { toQuotes } from '../../model/clues.ts';
import { DiagnosticError } from '../../model/diagnostic.ts';
import type { Problem } from '../../model/events.ts';
import { toLocation } from '../../model/location.ts';
import type { CapturePlan, StepPlan } from '../../model/plan.ts';
import type { Span } from '../../model/source-file.ts';
import { isPasswordName } from '../../util/hidden-fields.ts';
import type { Ledger } from '../lifetimes/ledger.ts';
import { describeDiagnostic, rankExpressionError } from '../outcome/problems.ts';
import { takeValue, type Watching } from '../outcome/take-value.ts';
import { refuseTaken, standIn } from '../recorded/hidden-reads.ts';
import { learnPassword } from './learn-secrets.ts';
import type { Capture } from './step-types.ts';

export interface CaptureOptions {
  readonly ledger: Ledger;
  readonly step: StepPlan;
  /** The names with the result's keys over them. */
  readonly env: Env;
  readonly host: Host;
  /** Whether it is taken from a record, in which nothing is that was secret. */
  readonly isRecorded?: boolean | undefined;
  readonly things?: Watching['things'];
  readonly onRemark?: Watching['onRemark'];
}

export interface Taken {
  readonly captures: readonly Capture[];
  /** One for each variable that could not be taken. */
  readonly problems: readonly Problem[];
}

/** Takes the variables of a step that passed: those that the action set, then those of `output`. Secrets are known at once. */
export function takeCaptures(
  options: CaptureOptions,
  result: Readonly<Record<string, Value>>,
  set: Readonly<Record<string, Value>>,
): Taken {
  const { ledger, step, env, host, things, onRemark, isRecorded } = options;
  const captures: Capture[] = [];
  const problems: Problem[] = [];
  const isHiddenCapture = ({ name, text, secret }: CapturePlan): boolean =>
    secret || ledger.secretNames.has(name) || isPasswordName(name) || isPasswordName(text.text);
  const keep = (name: string, value: Value, plan?: CapturePlan): void => {
    const isSecret = plan?.secret || ledger.secretNames.has(name);
    if (isSecret) ledger.keepSecret(name, value);
    const isHidden = isSecret || learnPassword(ledger, [name, plan?.text.text ?? ''], value);
    captures.push({ name, value, isSecret: isHidden });
  };
  for (const [name, value] of Object.entries(set)) keep(name, value);
  for (const plan of step.output) {
    try {
      const { reads } = plan;
      const take = (): Value => plan.extract(result, env, host);
      const value = onRemark ? takeValue(reads, take, { env, host, things, onRemark }) : take();
      const problem = isRecorded
        ? refuseTaken(plan, value, { result, env, isSecret: isHiddenCapture(plan) })
        : undefined;
      if (problem) problems.push(problem);
      else keep(plan.name, isRecorded && isHiddenCapture(plan) ? standIn(value) : value, plan);
    } catch (error) {
      problems.push(describeFailedCapture(plan, error));
    }
  }
  return { captures, problems };
}

/** @throws what is no fault of the result */
function describeFailedCapture(plan: CapturePlan, error: unknown): Problem {
  const { text, name } = plan;
  const describe = (message: string, span: Span, clues: readonly string[] | undefined): Problem => ({
    outcome: 'failed',
    kind: 'capture',
    message: `\`${name}\` cannot be captured: ${message}`,
    location: toLocation(span),
    clues: toQuotes(clues),
  });
  const locate = ({ offset, length }: CaptureError | ExprError): Span =>
    length > 0 ? text.locate(offset, length) : text.span;
  if (error instanceof CaptureError) return describe(error.message, locate(error), error.hints);
  if (error instanceof ExprError) {
    const problem = describe(error.message, locate(error), error.hint ? [error.hint] : undefined);
    return { ...problem, ...rankExpressionError(error, problem) };
  }
  if (error instanceof DiagnosticError) return describeDiagnostic(error);
  throw error;
}
