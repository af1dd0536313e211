import type { StepRef } from '../../model/events.ts';
import { cleanLine } from '../output/text.ts';

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
export function isLook({ step, parent }: Pick<StepNode, 'step' | 'parent'>): boolean {
  return step.role === 'look' && parent?.step.role !== 'look';
}

/** How a step is called below its control: its name, with the round or branch that it belongs to: `[3] check`. */
export function labelOf(node: Pick<StepNode, 'step' | 'parent'>): string {
  const { name, id } = node.step;
  const own = name ?? id;
  const group = groupOf(node);
  return cleanLine(group === '' ? own : `${group} ${own}`);
}

/** The round and the branch that it stands in; looks of a poll are one after another in one place. */
export function groupOf(node: Pick<StepNode, 'step' | 'parent'>): string {
  const { round, branch, depth } = node.step;
  if (depth === 0 || isLook(node)) return '';
  return [round === undefined ? '' : `[${round}]`, branch ?? ''].filter((part) => part !== '').join('>');
}
