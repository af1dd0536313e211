import type { Env, Host } from '../../expr/index.ts';
import type { Problem } from '../../model/events.ts';
import { toLocation } from '../../model/location.ts';
import type { ExpectedError, StepPlan } from '../../model/plan.ts';
import type { OnRemark } from './take-value.ts';

/** Kinds of errors that say that nobody answered. */
const UNANSWERED: ReadonlySet<string> = new Set(['connection', 'timeout']);

/**
 * The problem of an error that is another than the expected one; undefined when it is that one. When nobody answered though an
 * answer was expected, the step was not carried out; any other error is an answer that is wrong.
 * @throws DiagnosticError when what is expected cannot be rendered
 */
export function checkExpectedError(
  { expectedError }: Pick<StepPlan, 'expectedError'>,
  problem: Problem,
  { env, host, onRemark }: { readonly env: Env; readonly host: Host; readonly onRemark?: OnRemark | undefined },
): Problem | undefined {
  if (!expectedError) return undefined;
  const expected = expectedError.render(env, host);
  const wrong = findWrongPart(expected, problem);
  if (wrong === undefined) {
    if (expected.message === '') onRemark?.('the `message` of `expect_error` is empty: each error has it');
    return undefined;
  }
  const { kind, code, message, clues, hints } = problem;
  const got = code === undefined ? kind : `${kind} ${code}`;
  const isUnanswered = UNANSWERED.has(kind) && !UNANSWERED.has(expected.kind ?? '');
  return {
    ...(isUnanswered ? { outcome: 'errored', kind, code } : { outcome: 'failed', kind: 'expectation' }),
    message: `expected ${describeExpected(expected)}, got ${got}: ${message}`,
    location: toLocation(expectedError.spanAt([wrong])),
    clues,
    hints,
  };
}

function findWrongPart({ kind, code, message }: ExpectedError, problem: Problem): keyof ExpectedError | undefined {
  if (kind !== undefined && kind !== problem.kind) return 'kind';
  if (code !== undefined && code !== problem.code) return 'code';
  return message === undefined || problem.message.includes(message) ? undefined : 'message';
}

/** `the error sql 23505 with "users_email_key" in its message`. */
function describeExpected({ kind, code, message }: ExpectedError): string {
  const name = [kind, code].filter((word) => word !== undefined).join(' ');
  const error = name === '' ? 'an error' : `the error ${name}`;
  return message === undefined ? error : `${error} with ${JSON.stringify(message)} in its message`;
}
