import type { FlowRun } from '../../engine/lifetimes/run-options.ts';
import type { Diagnostic } from '../../model/diagnostic.ts';
import type { FlowPlan, RowPlan } from '../../model/plan.ts';
import { CODES } from '../../plan/read/findings.ts';
import { listCalledFlows } from '../../plan/select/called-flows.ts';
import { type GivenInputs, resolveInputs } from '../../plan/select/flow-inputs.ts';
import { findOutsideValues } from '../../plan/select/outside-values.ts';
import { findMissingValues, selectSteps } from '../../plan/select/select-steps.ts';
import { describeChange, type FileChange } from '../../records/file-version.ts';
import { isMasked } from '../../records/masked.ts';
import { readReplay } from '../../records/replay.ts';
import type { RowRange } from './choice-flags.ts';
import type { StepFlags } from './flags.ts';

export interface ChosenFlows {
  readonly runs: readonly FlowRun[];
  readonly diagnostics: readonly Diagnostic[];
  /** What the reader should know of the values that a record gives, a sentence each. */
  readonly notes: readonly string[];
}

/** Joins each flow with its values from outside and, for `--only`, with its steps and the record of its last run. */
export function chooseFlows(
  flows: readonly FlowPlan[],
  options: { flags: StepFlags; inputs: GivenInputs; outputDir: string },
): ChosenFlows {
  const { flags } = options;
  const runs: FlowRun[] = [];
  const diagnostics: Diagnostic[] = [];
  const notes: string[] = [];
  const unmatched: Diagnostic[] = [];
  const inputsOf = (called: FlowPlan) => resolveInputs(called, options.inputs).inputs;
  for (const plan of flows) {
    const resolved = resolveInputs(plan, options.inputs);
    diagnostics.push(...resolved.diagnostics, ...findOutsideValues(plan, resolved.inputs, plan.rows?.[0]?.values));
    for (const called of listCalledFlows(plan)) {
      const { inputs, diagnostics: wrong } = resolveInputs(called.flow, options.inputs);
      diagnostics.push(...wrong, ...findOutsideValues(called.flow, inputs, called.inputs));
    }
    const { selection, diagnostics: unknown } = select(plan, flags);
    unmatched.push(...unknown);
    if (unknown.length > 0) continue;
    for (const row of chooseRows(plan, flags.row)) {
      const inputs = row ? { ...resolved.inputs, row: row.values } : resolved.inputs;
      if (!selection) {
        runs.push({ plan, inputs, inputsOf, row });
        continue;
      }
      const query = { directory: options.outputDir, flowFile: plan.file, flowId: plan.id, row: row?.number };
      const { replay, refusal } = readReplay(query);
      diagnostics.push(...findMissingValues(plan, selection, { inputs, replay, refusal, isMasked }));
      if (replay?.change) notes.push(noteChange(plan, replay.runId, replay.change));
      runs.push({ plan, inputs, inputsOf, row, replay, selection });
    }
  }
  if (flags.only.length > 0 && runs.length === 0) diagnostics.push(...unmatched);
  return { runs, diagnostics: [...diagnostics, ...findMissingRows(flows, flags.row)], notes };
}

function select(
  plan: FlowPlan,
  { only, withSetup, withTeardown }: StepFlags,
): Partial<ReturnType<typeof selectSteps>> & {
  readonly diagnostics: readonly Diagnostic[];
} {
  return only.length === 0 ? { diagnostics: [] } : selectSteps(plan, { ids: only, withSetup, withTeardown });
}

/** The rows that a flow runs with; one run without a row when it has no data. */
function chooseRows({ rows }: FlowPlan, wanted: readonly RowRange[]): readonly (RowPlan | undefined)[] {
  if (!rows) return wanted.length === 0 ? [undefined] : [];
  return wanted.length === 0
    ? rows
    : rows.filter((row) => wanted.some(({ from, to }) => from <= row.number && row.number <= to));
}

/** A row that no flow has is a mistake of the command line. */
function findMissingRows(flows: readonly FlowPlan[], wanted: readonly RowRange[]): readonly Diagnostic[] {
  const longest = Math.max(0, ...flows.map(({ rows }) => rows?.length ?? 0));
  return wanted
    .filter(({ to }) => to > longest)
    .map(({ from, to }) => {
      const first = Math.max(from, longest + 1);
      return {
        severity: 'error',
        code: CODES.noRow,
        message: `no chosen flow has ${first === to ? `a row ${to}` : `rows ${first} to ${to}`}`,
        path: flows[0]?.file.path,
        help: [longest === 0 ? 'none of them has `data`' : `the rows are 1 to ${longest}`],
      };
    });
}

function noteChange(plan: FlowPlan, runId: string, change: FileChange): string {
  return `\`${plan.file.path}\` is not the file of run ${runId}, whose values are used: ${describeChange(change)}`;
}
