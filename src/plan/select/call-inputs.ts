import type { FlowPlan } from '../../model/plan.ts';
import type { Span } from '../../model/source-file.ts';
import { childrenAndCleanups, listPhases, listSteps } from '../../model/walk-steps.ts';

/** A value that a call gives, and where. */
export interface CallInput {
  /** The step that calls. */
  readonly caller: string;
  readonly span: Span;
}

/** What calls give to a flow, by name; the first of several calls. */
export type CallInputs = ReadonlyMap<string, CallInput>;

/** What the calls in these flows give, by the called flow's key. */
export function collectCallInputs(flows: readonly FlowPlan[]): ReadonlyMap<string, CallInputs> {
  const given = new Map<string, Map<string, CallInput>>();
  for (const { calls, inputs, address } of listSteps(flows.flatMap(listPhases), childrenAndCleanups)) {
    if (!calls || !inputs) continue;
    const key = keyOfFlow(calls.file.absolutePath, calls.id);
    const known = given.get(key) ?? new Map<string, CallInput>();
    given.set(key, known);
    for (const [name, { span }] of inputs) if (!known.has(name)) known.set(name, { caller: address, span });
  }
  return given;
}

/** What identifies a flow. */
export function keyOfFlow(absolutePath: string, id: string): string {
  return `${absolutePath}#${id}`;
}
