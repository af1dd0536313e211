import { judgesItsStep } from '../../model/action/definition.ts';
import type { NameRef } from '../../model/plan.ts';
import { listNested, listPhases, listSteps, ownChildren } from '../../model/walk-steps.ts';
import type { PlannedFlow } from '../flow/plan-flow.ts';
import { listJudgements } from '../names/judgements.ts';
import { findResultPath } from '../names/listed-captures.ts';
import type { PlannedStep } from '../read/context.ts';
import { addCaptureReads, addExpressionReads, addRefReads, type ItemReads } from './item-reads.ts';

/** A step with those that judge its result: itself, and the controls that wait for it. */
export interface JudgedStep {
  readonly step: PlannedStep;
  readonly judges: readonly PlannedStep[];
}

/** The steps of these phases (setup and steps when absent) that run an action, each with its judges; not those of other flows. */
export function listJudgedSteps(
  flow: PlannedFlow,
  phases: readonly PlannedStep[] = [...flow.setup, ...flow.steps],
): readonly JudgedStep[] {
  const below = (step: PlannedStep) => (step.isBroken ? [] : ownChildren(step));
  return listNested(phases, below).flatMap(({ step, around }) => {
    if (step.isBroken || step.calls || step.children.length > 0) return [];
    const nearest = around.toReversed();
    const other = nearest.findIndex((control) => !isJudge(control));
    return [{ step, judges: [step, ...nearest.slice(0, other === -1 ? undefined : other)] }];
  });
}

function isJudge({ action }: PlannedStep): boolean {
  return action.control?.joinsResults || judgesItsStep(action);
}

/** Every name that the flow reads somewhere. */
export function listRefs(flow: PlannedFlow): readonly NameRef[] {
  const steps = listSteps(listPhases(flow), (step) => [...ownChildren(step), ...(step.cleanup ?? [])]);
  return [...flow.refs, ...steps.flatMap(({ ownNeeds }) => ownNeeds)];
}

/** Whether the flow reads the result of a step by the step's id. */
export function isResultRead(step: PlannedStep, refs: readonly NameRef[]): boolean {
  return refs.some((ref) => findResultPath(ref, step) !== undefined);
}

/** Adds all that anybody looks at; gives whether anybody looks at the result at all. */
export function addLooks({ step, judges }: JudgedStep, refs: readonly NameRef[], looks: ItemReads): boolean {
  let isAsked = false;
  for (const judge of judges) {
    for (const { expression } of [...judge.assert, ...listJudgements(judge)]) {
      isAsked = true;
      addExpressionReads(expression.ast, looks);
      // The result of a step among several that are waited for.
      if (judge !== step && expression.names.some(({ name }) => name === step.id)) looks.isWhole = true;
    }
    for (const capture of judge.output) {
      isAsked = true;
      addCaptureReads(capture, looks);
    }
    for (const ref of refs) {
      const path = findResultPath(ref, judge);
      if (!path) continue;
      isAsked = true;
      addRefReads({ path }, looks);
    }
  }
  return isAsked;
}
