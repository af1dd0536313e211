import type { FlowRun } from '../../engine/lifetimes/run-options.ts';
import { SECRET_STAND_IN, standIn } from '../../engine/recorded/hidden-reads.ts';
import type { Value } from '../../expr/index.ts';
import type { FlowPlan, RowPlan } from '../../model/plan.ts';
import type { SelectedSteps } from '../../plan/select/select-steps.ts';
import type { RecordedReplay } from '../../records/replay.ts';
import { EXIT, UsageError } from '../process/usage-error.ts';

/** A flow, or a row of one, of which there is no record. */
export interface Unrecorded {
  readonly plan: FlowPlan;
  readonly row: RowPlan | undefined;
  /** Why the record that there is is not read. */
  readonly refusal: string | undefined;
}

/** Which steps are judged offline: those that are chosen, else all of `steps`; neither setup nor teardown. */
export function selectOffline({ steps }: FlowPlan, selected?: SelectedSteps): SelectedSteps {
  const addresses = selected?.selection.addresses ?? new Set(steps.map(({ address }) => address));
  const selection = { addresses, skipped: selected?.selection.skipped, withSetup: false, withTeardown: false };
  return { unknown: [], unknownSkips: new Map(), mistakes: [], ...selected, selection };
}

/**
 * The values of a record as a run without any contact takes them: in the place of secrets, which no record keeps, what stands for them; and
 * what the recorded run was given from outside, or could know only while something ran.
 */
export function withStandIns(plan: FlowPlan, replay: RecordedReplay | undefined): RecordedReplay | undefined {
  if (!replay?.recorded) return replay;
  const captures = new Map(replay.captures);
  for (const name of replay.secrets.keys()) captures.set(name, SECRET_STAND_IN);
  const { inputs } = replay.recorded;
  const variables = new Map<string, Value>();
  for (const name of listOutsideNames(plan, inputs.overrides)) {
    const value = inputs.variables[name];
    if (value !== undefined) variables.set(name, standIn(value));
  }
  for (const [name, value] of replay.variables) variables.set(name, value);
  for (const name of replay.omitted.variables) variables.set(name, SECRET_STAND_IN);
  return { ...replay, captures, variables, omitted: { ...replay.omitted, variables: new Set() } };
}

/** The declared variables whose value came from outside of the flow. */
function listOutsideNames(
  { declared, companionUses = [] }: FlowPlan,
  overrides: readonly { readonly name: string }[],
): readonly string[] {
  const isOutside = declared.filter((variable) => variable.isOutside).map(({ name }) => name);
  return [
    ...isOutside,
    ...overrides.map(({ name }) => name),
    ...companionUses.flatMap(({ variable = [] }) => variable),
  ];
}

/** What the reader should know of the records. @throws UsageError where there is none to judge */
export function noteOffline(runs: readonly FlowRun[], unrecorded: readonly Unrecorded[]): readonly string[] {
  const runIds = [...new Set(runs.flatMap(({ replay }) => replay?.recorded?.runId ?? []))];
  const missing = unrecorded.map(({ plan, row, refusal }) => {
    const which = `"${plan.name}"${row ? ` [row ${row.number}]` : ''} (\`${plan.file.path}\`)`;
    return `${which} is not judged: ${refusal ?? 'there is no record of a run of it'}`;
  });
  const [first] = missing;
  if (runs.length === 0 && first !== undefined)
    throw new UsageError(`--offline: ${first}`, ['run it once without `--offline`'], EXIT.nothingMatched);
  if (runIds.length === 0) return missing;
  return [`offline: nothing is contacted, what run ${runIds.join(', ')} got is judged`, ...missing];
}
