import type { FlowRun } from '../engine/run-options.ts';
import type { Diagnostic } from '../model/diagnostic.ts';
import type { FlowPlan } from '../model/plan.ts';
import { type GivenInputs, resolveInputs } from '../plan/flow-inputs.ts';
import { findMissingValues, selectSteps } from '../plan/select-steps.ts';
import { describeChange, type FileChange } from '../records/file-version.ts';
import { isMasked } from '../records/masked.ts';
import { readReplay } from '../records/replay.ts';
import type { RunFlags } from './flags.ts';

export interface ChosenFlows {
  readonly runs: readonly FlowRun[];
  readonly diagnostics: readonly Diagnostic[];
  /** What the reader should know of the values that a record gives, a sentence each. */
  readonly notes: readonly string[];
}

/** Joins each flow with its values from outside and, for `--only`, with its steps and the record of its last run. */
export function chooseFlows(
  flows: readonly FlowPlan[],
  options: { flags: RunFlags; inputs: GivenInputs; outputDir: string },
): ChosenFlows {
  const { flags } = options;
  const runs: FlowRun[] = [];
  const diagnostics: Diagnostic[] = [];
  const notes: string[] = [];
  const unmatched: Diagnostic[] = [];
  for (const plan of flows) {
    const resolved = resolveInputs(plan, options.inputs);
    diagnostics.push(...resolved.diagnostics);
    if (flags.only.length === 0) {
      runs.push({ plan, inputs: resolved.inputs });
      continue;
    }
    const { selection, diagnostics: unknown } = selectSteps(plan, {
      ids: flags.only,
      withSetup: flags.withSetup,
      withTeardown: flags.withTeardown,
    });
    unmatched.push(...unknown);
    if (unknown.length > 0) continue;
    const replay = readReplay({ directory: options.outputDir, flowFile: plan.file, flowId: plan.id });
    diagnostics.push(...findMissingValues(plan, selection, { inputs: resolved.inputs, replay, isMasked }));
    if (replay?.change) notes.push(tellChange(plan, replay.runId, replay.change));
    runs.push({ plan, inputs: resolved.inputs, replay, selection });
  }
  if (flags.only.length > 0 && runs.length === 0) diagnostics.push(...unmatched);
  return { runs, diagnostics, notes };
}

function tellChange(plan: FlowPlan, runId: string, change: FileChange): string {
  return `\`${plan.file.path}\` is not the file of run ${runId}, whose values are used: ${describeChange(change)}`;
}
