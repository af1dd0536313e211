import type { StepRef } from '../../model/events.ts';

/** A run of a step among those that run: it stays the same one through all attempts. */
export interface StepNode {
  readonly step: StepRef;
  /** The control that runs it. */
  readonly parent: StepNode | undefined;
  /** That is being made, from 1. */
  readonly attempt: number;
  /** What it waits for. */
  readonly progress: string;
}

/** Whether a step runs inside of a control. */
export function isInside(node: StepNode | undefined, control: StepNode): boolean {
  for (let around = node?.parent; around; around = around.parent) if (around === control) return true;
  return false;
}

/** Whether it is a look itself, and not a step inside of one. */
export function isLook({ step, parent }: StepNode): boolean {
  return step.role === 'look' && parent?.step.role !== 'look';
}
