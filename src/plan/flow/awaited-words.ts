import type { ActionDefinition } from '../../model/action/definition.ts';
import { judgesItsStep } from '../../model/action/definition.ts';
import { type ExpressionAt, isExpressionAt } from '../../model/expression-at.ts';
import type { StepPlan } from '../../model/plan.ts';

const WORD = /[\p{L}_][\p{L}\p{N}_]*/gu;

interface Repeated extends Pick<StepPlan, 'retry' | 'assert' | 'children'> {
  readonly action: ActionDefinition;
  readonly authored: unknown;
}

/** Of a step that is done again until conditions hold: gives the words in these, in lower case and without `_`. */
export function planAwaited(step: Repeated): StepPlan['listAwaited'] {
  const isPoll = judgesItsStep(step.action);
  if (!isPoll && !step.retry) return undefined;
  return () => {
    const assertions = isPoll ? step.children.flatMap((child) => child.assert) : step.assert;
    const conditions = isPoll ? listConditions(step.authored, step.action) : [];
    const texts = [...conditions, ...assertions].map(({ text }) => text.text);
    const words = texts.flatMap((text) => [...text.matchAll(WORD)].map(([word]) => word));
    return new Set(words.map((word) => word.toLowerCase().replaceAll('_', '')));
  };
}

/** The expressions over the result of its step. */
function listConditions(authored: unknown, { settings }: ActionDefinition): readonly ExpressionAt[] {
  if (typeof authored !== 'object' || authored === null) return [];
  const names = Object.entries(settings.expressions ?? {}).flatMap(([path, seen]) => (seen === 'child' ? [path] : []));
  const values = names.map((name) => (authored as Readonly<Record<string, unknown>>)[name]);
  return values.flat().filter(isExpressionAt);
}
