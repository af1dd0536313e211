import type { FlowsAround } from '../../engine/flows/around-flows.ts';
import type { FlowRun } from '../../engine/lifetimes/run-options.ts';
import { SECRET_STAND_IN } from '../../engine/recorded/hidden-reads.ts';
import type { Diagnostic } from '../../model/diagnostic.ts';
import type { FlowRole } from '../../model/flow-about.ts';
import { toPlainRef } from '../../model/plain-ref.ts';
import type { DeclaredVariable } from '../../model/plan.ts';
import { listCalledFlows } from '../../plan/select/called-flows.ts';
import { type GivenInputs, resolveInputs } from '../../plan/select/flow-inputs.ts';
import { findOutsideValues } from '../../plan/select/outside-values.ts';
import { readReplay } from '../../records/replay.ts';
import { countOf } from '../../util/count.ts';
import { listNames } from '../../util/suggest.ts';
import type { PlannedAround } from '../arguments/plan-around.ts';
import { listRunSteps } from './run-steps.ts';

/** What runs around the chosen flows, and what is to be known of it. */
export interface ChosenAround {
  readonly around: FlowsAround;
  readonly diagnostics: readonly Diagnostic[];
  readonly notes: readonly string[];
}

export interface AroundOptions {
  readonly inputs: GivenInputs;
  /** Of records. */
  readonly outputDir: string;
  /** The run that values are taken of. */
  readonly replay?: string | undefined;
  readonly withDeps: boolean;
  /** Whether nothing runs that has not been recorded. */
  readonly offline: boolean;
}

const NOTHING: ChosenAround = { around: {}, diagnostics: [], notes: [] };

/**
 * Chooses what runs before and after flows: nothing where none of them runs. Where only chosen steps do, what these need of the flow before
 * them is taken from its last record, and it runs for what no record keeps.
 */
export function chooseAround(planned: PlannedAround, runs: readonly FlowRun[], options: AroundOptions): ChosenAround {
  const { before_all: before } = planned.flows;
  if (runs.every(({ plan }) => plan.skip !== undefined)) return NOTHING;
  const isOnly = runs.every(({ selection }) => selection !== undefined && !selection.isRange);
  if (!isOnly) return runAll(planned, options.inputs, []);
  const needed = listNeeded(planned.names, runs, options.inputs);
  if (!before || needed.length === 0) return NOTHING;
  if (options.withDeps) return runAll(planned, options.inputs, []);
  const { outputDir: directory, replay: run } = options;
  const { replay } = readReplay({ directory, flowFile: before.file, flowId: before.id, run });
  const missing = needed.filter((name) => !replay?.captures.has(name));
  if (missing.length > 0 && !options.offline) {
    const secret = missing.find((name) => replay?.secrets.has(name));
    const [first = ''] = missing;
    const why =
      secret === undefined ? `no record has \`${first}\`` : `\`${secret}\` is a secret, which no record keeps`;
    return runAll(planned, options.inputs, [`\`before_all\` runs again: ${why}`]);
  }
  const standIns = options.offline
    ? [...(replay?.secrets.keys() ?? [])].map((name) => [name, SECRET_STAND_IN] as const)
    : [];
  const captured = [...(replay?.captures ?? []), ...standIns];
  const restored = new Map(captured.filter(([name]) => planned.names.has(name)));
  const what = needed.length > 3 ? countOf(needed.length, 'value') : listNames(needed);
  const note = `\`before_all\` does not run: ${what} ${needed.length === 1 ? 'is' : 'are'} what run ${replay?.runId} left`;
  return { around: { restored }, diagnostics: [], notes: [note] };
}

function runAll({ flows }: PlannedAround, inputs: GivenInputs, notes: readonly string[]): ChosenAround {
  const before = join('before_all', flows, { ...inputs, sharedNames: undefined });
  const after = join('after_all', flows, inputs);
  return {
    around: { before: before?.run, after: after?.run },
    diagnostics: [...(before?.diagnostics ?? []), ...(after?.diagnostics ?? [])],
    notes,
  };
}

/** Joins the flow with its values from outside. */
function join(
  role: FlowRole,
  { [role]: plan }: PlannedAround['flows'],
  given: GivenInputs,
): { readonly run: FlowRun; readonly diagnostics: readonly Diagnostic[] } | undefined {
  if (!plan) return undefined;
  const { inputs, diagnostics } = resolveInputs(plan, given);
  const run = { plan, inputs, inputsOf: (called: FlowRun['plan']) => resolveInputs(called, given).inputs, role };
  return { run, diagnostics: [...diagnostics, ...findOutsideValues(plan, inputs)] };
}

/** The names of these that steps which run, or the variables of their flows, read, and that nothing else gives. */
function listNeeded(names: ReadonlySet<string>, runs: readonly FlowRun[], { given }: GivenInputs): readonly string[] {
  const read = new Set<string>();
  const addVariables = (declared: readonly DeclaredVariable[]): void => {
    for (const { name } of declared.flatMap(({ refs = [] }) => refs)) read.add(name);
  };
  for (const run of runs) {
    addVariables(run.plan.declared);
    for (const { flow } of listCalledFlows(run.plan)) addVariables(flow.declared);
    for (const { needs } of listRunSteps(run)) for (const { name } of needs.map(toPlainRef)) read.add(name);
  }
  return [...names].filter((name) => read.has(name) && !given.has(name));
}
