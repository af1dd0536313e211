import { type ExpressionAt, isExpressionAt } from '../../model/expression-at.ts';
import type { PlannedStep } from '../read/context.ts';

/** The expressions over the result of its step by which a control judges it. */
export function listJudgements({ action, authored }: PlannedStep): readonly ExpressionAt[] {
  const settings = Object.entries(action.settings.expressions ?? {}).flatMap(([path, seen]) =>
    seen === 'child' && !path.endsWith('[]') ? [(authored as Readonly<Record<string, unknown>> | null)?.[path]] : [],
  );
  return settings.flat().filter(isExpressionAt);
}
