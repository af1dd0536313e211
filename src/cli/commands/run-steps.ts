import { chooseSteps } from '../../engine/lifetimes/chosen-steps.ts';
import type { FlowRun } from '../../engine/lifetimes/run-options.ts';
import type { Diagnostic } from '../../model/diagnostic.ts';
import type { FlowPlan, StepPlan } from '../../model/plan.ts';
import type { Span } from '../../model/source-file.ts';
import { childrenAndCleanups, listPhases, listSteps } from '../../model/walk-steps.ts';

/** The steps that will run, with those that they run. */
export function listRunSteps({ plan, selection }: FlowRun): readonly StepPlan[] {
  const chosen = listSteps(listPhases(chooseSteps(plan, selection)), childrenAndCleanups);
  const ofFlow = selection ? [] : plan.watches;
  return [...chosen, ...[...chosen, { watches: ofFlow }].flatMap(({ watches = [] }) => watches)];
}

/** With `--only`: the findings without the warnings about steps that do not run. */
export function keepFindingsOfRun(
  diagnostics: readonly Diagnostic[],
  flows: readonly FlowPlan[],
  runs: readonly FlowRun[],
): readonly Diagnostic[] {
  if (!runs.some(({ selection }) => selection)) return diagnostics;
  const all = listSteps(flows.flatMap(listPhases), childrenAndCleanups);
  const extents = all.flatMap(({ extent }) => (extent ? [extent] : []));
  const running = new Set(
    runs.flatMap(listRunSteps).flatMap(({ extent, isAround }) => (extent && !isAround ? [extent] : [])),
  );
  return diagnostics.filter(({ severity, span }) => {
    const around = severity === 'warning' && span ? findInnermost(extents, span) : undefined;
    return around === undefined || running.has(around);
  });
}

function findInnermost(extents: readonly Span[], { file, start }: Span): Span | undefined {
  let innermost: Span | undefined;
  for (const extent of extents) {
    if (extent.file !== file || start < extent.start || start >= extent.end) continue;
    if (!innermost || extent.end - extent.start < innermost.end - innermost.start) innermost = extent;
  }
  return innermost;
}
