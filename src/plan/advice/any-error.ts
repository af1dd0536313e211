import { listNested, listPhases, ownChildren } from '../../model/walk-steps.ts';
import { findEntry, type MapEntry, type Node } from '../../source/yaml/node.ts';
import type { PlannedFlow } from '../flow/plan-flow.ts';
import { listJudgements } from '../names/judgements.ts';
import type { PlannedStep } from '../read/context.ts';
import { CODES, type Findings } from '../read/findings.ts';
import { isResultRead, listRefs } from './judged-steps.ts';

/** Warns of an expected error that may be any: a peer that is down, or a mistake in the settings, meets it too. */
export function warnAnyError(flow: PlannedFlow, findings: Findings): void {
  const expecting = listNested(listPhases(flow), ownChildren).filter(({ step }) => step.expectsError);
  if (expecting.length === 0) return;
  const refs = listRefs(flow);
  for (const { step, around } of expecting) {
    const field = step.fields.get('expect_error');
    const isSaid = [step, ...around].some(readsError) || isResultRead(step, refs);
    const which = field && describeLoose(field.value);
    if (!field || which === undefined || isSaid || step.fields.misspelt.has('assert')) continue;
    const message = `any ${which} of \`${step.id}\` is taken for the expected one, whatever its cause`;
    findings.warn(CODES.anyError, message, field.key.span, [suggestError(step, field.value)]);
  }
}

/** The usual error of the action, unless another kind is expected. */
function suggestError({ action }: PlannedStep, expected: Node): string {
  const { exampleError } = action.result;
  const kind = findEntry(expected, 'kind')?.value;
  const isOther = kind?.kind === 'scalar' && !exampleError?.startsWith(`{kind: ${kind.text.text},`);
  const which =
    exampleError === undefined || isOther
      ? `by its \`code\` or a part of its \`message\`${kind ? ' beside the `kind`' : ''}`
      : `as in \`expect_error: ${exampleError}\``;
  return `say which one it is, ${which}, or compare \`error\` in \`assert\``;
}

/** What is expected, where that leaves open which error it is: any, or any of a kind of several; what is wrong with it is reported. */
function describeLoose(value: Node): string | undefined {
  if (value.kind !== 'map') return 'error';
  // An empty text is a part of every message, and blanks are of nearly every one.
  const isEmpty = ({ key, value: one }: MapEntry): boolean =>
    key.text.text === 'message' && one.kind === 'scalar' && typeof one.value === 'string' && one.value.trim() === '';
  const [first, ...more] = value.entries.filter((entry) => !isEmpty(entry));
  if (!first && value.entries.length > 0) return 'error';
  if (first?.key.text.text !== 'kind' || more.length > 0 || first.value.kind !== 'scalar') return undefined;
  const kind = first.value.text.text;
  return kind === 'timeout' ? undefined : `${kind} error`;
}

/** Whether it looks at the error; what looks at a result that there is not is reported already. */
function readsError(step: PlannedStep): boolean {
  const conditions = [...step.assert, ...listJudgements(step)];
  const isRead = (name: string): boolean => name === 'error' || Object.hasOwn(step.action.result.keys, name);
  const isJudged = conditions.some(({ expression }) => expression.names.some(({ name }) => isRead(name)));
  return isJudged || step.output.some(({ text }) => /\berror\b/.test(text.text));
}
