import type { ActionDefinition } from '../../src/model/action/definition.ts';
import { findingsOf, planText } from './plan-text.ts';
import { startPlans, type TestRun, type TestRunOptions } from './run-plan.ts';

/** Starts the flows of a text, under a clock of its own; they have to be without errors. */
export function startText(
  text: string,
  options: TestRunOptions & { files?: Record<string, string>; actions?: Record<string, ActionDefinition> } = {},
): TestRun {
  const { files = {}, actions = {}, ...more } = options;
  const plan = planText(text, { files, actions });
  if (plan.diagnostics.some(({ severity }) => severity === 'error')) throw new Error(findingsOf(plan).join('\n'));
  return startPlans(plan.flows, more);
}
