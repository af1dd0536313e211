import { judgesItsStep } from '../../model/action/definition.ts';
import { type ExpressionAt, isExpressionAt } from '../../model/expression-at.ts';
import { listSteps, ownChildren } from '../../model/walk-steps.ts';
import { BUILTIN_NAMES, VOLATILE_FUNCTIONS } from '../read/builtin-names.ts';
import type { PlannedStep } from '../read/context.ts';
import { CODES, type Findings } from '../read/findings.ts';
import { listJudgements } from './judgements.ts';

/** Warns of a poll in whose step nothing can change from look to look. */
export function warnSteadyPoll(poll: PlannedStep, findings: Findings): void {
  if (!judgesItsStep(poll.action) || poll.isBroken || poll.children.length === 0) return;
  const below = listSteps(ownChildren(poll), ownChildren);
  if (!below.every(isSteady) || !listJudgements(poll).every(isSteadyExpression)) return;
  const message = `nothing can change in \`${poll.id}\`: its step asks nobody, and has the same names at each look`;
  const [name = 'page'] = below.flatMap(({ ownProvides }) => ownProvides);
  findings.warn(CODES.sameEachRound, message, poll.span, [
    `\`action: repeat\` hands values on from round to round, with \`carry: {${name}: …}\` as the first one`,
  ]);
}

function isSteady(step: PlannedStep): boolean {
  const { action, calls, children, authored, assert, output } = step;
  if (calls || step.isBroken || (children.length === 0 && !action.traits?.isLocal)) return false;
  // What it names beside itself, such as a stub, may change.
  if (action.settings.mentions || action.result.started) return false;
  if (!step.ownNeeds.every(({ name }) => isSteadyName(name))) return false;
  const reads = output.every(({ text: { text } }) => !mayCall(text));
  return reads && assert.every(isSteadyExpression) && isSteadyValue(authored);
}

function isSteadyExpression({ expression }: ExpressionAt): boolean {
  const { names, calls } = expression;
  return calls.every(isSteadyCall) && names.every(({ name }) => isSteadyName(name));
}

function isSteadyValue(value: unknown): boolean {
  if (typeof value === 'string') return !mayCall(value);
  if (typeof value !== 'object' || value === null) return true;
  return isExpressionAt(value) ? isSteadyExpression(value) : Object.values(value).every(isSteadyValue);
}

/** Whether a text may call a function that gives another value each time. */
function mayCall(text: string): boolean {
  return !(text.match(/\w+(?=\s*\()/g) ?? []).every(isSteadyCall);
}

function isSteadyCall(name: string): boolean {
  return !VOLATILE_FUNCTIONS.has(name) && name !== 'file';
}

function isSteadyName(name: string): boolean {
  return BUILTIN_NAMES.get(name) !== 'volatile' && name !== 'ATTEMPT';
}
