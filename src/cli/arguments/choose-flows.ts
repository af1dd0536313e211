import type { FlowRun } from '../../engine/lifetimes/run-options.ts';
import type { Diagnostic } from '../../model/diagnostic.ts';
import { isMasked } from '../../model/event-table/masked.ts';
import type { Selection } from '../../model/inputs.ts';
import type { FlowPlan, RowPlan } from '../../model/plan.ts';
import { CODES } from '../../plan/read/findings.ts';
import { listCalledFlows } from '../../plan/select/called-flows.ts';
import { type GivenInputs, resolveInputs } from '../../plan/select/flow-inputs.ts';
import { findMissingValues } from '../../plan/select/missing-values.ts';
import { findOutsideValues } from '../../plan/select/outside-values.ts';
import { type SelectedSteps, selectSteps } from '../../plan/select/select-steps.ts';
import { describeSources, withSources } from '../../plan/select/with-sources.ts';
import { describeChange, type FileChange } from '../../records/file-version.ts';
import { type FoundReplay, type RecordedReplay, readReplay } from '../../records/replay.ts';
import { type FailedSteps, refuseNoneFailed, selectFailed } from '../records/failed-steps.ts';
import { noteOffline, selectOffline, type Unrecorded, withStandIns } from '../records/offline-runs.ts';
import type { RowRange } from './choice-flags.ts';
import type { StepFlags } from './step-flags.ts';

export interface ChosenFlows {
  readonly runs: readonly FlowRun[];
  readonly diagnostics: readonly Diagnostic[];
  /** What the reader should know of the values that a record gives, a sentence each. */
  readonly notes: readonly string[];
}

/** What says which of the flows' steps run, and what they are given. */
export interface ChooseOptions {
  readonly flags: StepFlags;
  /** Of which files a step is named by its line, by their absolute paths. */
  readonly lines?: ReadonlyMap<string, readonly number[]> | undefined;
  readonly inputs: GivenInputs;
  readonly outputDir: string;
  /** The folder as it was given. */
  readonly shownDir?: string;
}

/** Joins each flow with its values from outside and, where not all of its steps run, with these and the record of an earlier run. */
export function chooseFlows(flows: readonly FlowPlan[], options: ChooseOptions): ChosenFlows {
  const { flags } = options;
  const runs: FlowRun[] = [];
  const diagnostics: Diagnostic[] = [];
  const notes: string[] = [];
  const unmatched: Diagnostic[] = [];
  const unrecorded: Unrecorded[] = [];
  const isHidden = flags.offline ? () => false : isMasked;
  const skips: SelectedSteps['unknownSkips'][] = [];
  let hasRecord = false;
  const inputsOf = (called: FlowPlan) => resolveInputs(called, options.inputs).inputs;
  for (const plan of flows) {
    const resolved = resolveInputs(plan, options.inputs);
    diagnostics.push(...resolved.diagnostics);
    if (!flags.offline) diagnostics.push(...findOutsideValues(plan, resolved.inputs, plan.rows?.[0]?.values));
    for (const called of listCalledFlows(plan)) {
      const { inputs, diagnostics: wrong } = resolveInputs(called.flow, options.inputs);
      diagnostics.push(...wrong, ...(flags.offline ? [] : findOutsideValues(called.flow, inputs, called.inputs)));
    }
    const selected = select(plan, options);
    if (selected) skips.push(selected.unknownSkips);
    diagnostics.push(...(selected?.mistakes ?? []));
    unmatched.push(...(selected?.unknown ?? []));
    if (selected && selected.unknown.length + selected.mistakes.length > 0) continue;
    for (const row of chooseRows(plan, flags.row)) {
      const inputs = row ? { ...resolved.inputs, row: row.values } : resolved.inputs;
      const found = selected || flags.failed ? readValues(plan, row, options) : NOT_ASKED;
      hasRecord ||= found.replay !== undefined;
      const failed = flags.failed ? selectFailed(plan, found.replay?.recorded, flags) : undefined;
      if (failed?.kind === 'none') continue;
      const steps = failed ? selectOfFailed(plan, failed, flags) : selected;
      if (!steps) {
        runs.push({ plan, inputs, inputsOf, row });
        continue;
      }
      if (flags.offline && !found.replay) unrecorded.push({ plan, row, refusal: found.refusal });
      if (flags.offline && !found.replay) continue;
      const selection = addSources(plan, steps.selection, flags);
      const { refusal } = flags.withDeps ? NOT_ASKED : found;
      const replay = takeReplay(plan, found, flags);
      const help = listWays(flags, refusal !== undefined);
      diagnostics.push(...findMissingValues(plan, selection, { inputs, replay, refusal, help, isMasked: isHidden }));
      notes.push(...noteSources(plan, steps.selection, selection), ...(failed?.kind === 'steps' ? failed.notes : []));
      if (replay?.change) notes.push(noteChange(plan, replay.runId, replay.change));
      runs.push({ plan, inputs, inputsOf, row, replay, selection });
    }
  }
  if (flags.failed && runs.length === 0 && flows.length > 0)
    refuseNoneFailed(hasRecord, options.shownDir ?? options.outputDir);
  if (runs.length === 0) diagnostics.push(...unmatched);
  diagnostics.push(...findUnknownSkips(skips));
  if (flags.offline) notes.push(...noteOffline(runs, unrecorded));
  return { runs, diagnostics: [...diagnostics, ...findMissingRows(flows, flags.row)], notes };
}

/** Undefined where all steps run. */
function select(plan: FlowPlan, { flags, lines: all }: ChooseOptions): SelectedSteps | undefined {
  const { only: ids, from, to, skip, withSetup, withTeardown } = flags;
  const lines = all?.get(plan.file.absolutePath);
  const isWhole = ids.length === 0 && !lines && from === undefined && to === undefined && skip.length === 0;
  if (isWhole) return flags.offline ? selectOffline(plan) : undefined;
  const selected = selectSteps(plan, { ids, lines, from, to, skip, withSetup, withTeardown });
  return flags.offline ? selectOffline(plan, selected) : selected;
}

function addSources(plan: FlowPlan, selection: Selection, { withDeps }: StepFlags): Selection {
  return withDeps ? { ...selection, addresses: withSources(plan, selection.addresses) } : selection;
}

function noteSources(
  plan: FlowPlan,
  { addresses: asked }: Selection,
  { addresses, withTeardown }: Selection,
): readonly string[] {
  const note = describeSources(plan, { asked, chosen: addresses, withTeardown });
  return note === undefined ? [] : [note];
}

/** How a missing value comes without naming the steps that give it. */
function listWays({ withDeps, from, to, skip }: StepFlags, isRefused: boolean): readonly string[] {
  if (withDeps) return [];
  const isRange = to !== undefined || skip.length > 0;
  if (isRange && from === undefined) return isRefused ? ['take it from an earlier run: --replay last'] : [];
  return ['run all that it needs too: --with-deps'];
}

const NOT_ASKED: FoundReplay = { replay: undefined, refusal: 'no earlier run is asked for values' };

/** What an earlier run left; a range from the beginning makes its values itself, unless it is asked for others. */
function readValues(plan: FlowPlan, row: RowPlan | undefined, { flags, lines, outputDir }: ChooseOptions): FoundReplay {
  const isAlone = flags.only.length > 0 || flags.from !== undefined || lines?.has(plan.file.absolutePath);
  const { offline, failed, withDeps } = flags;
  const run = flags.replay ?? (isAlone || offline || failed ? 'last' : undefined);
  if (run === undefined || (withDeps && !failed)) return NOT_ASKED;
  const flow = { flowFile: plan.file, flowId: plan.id, row: row?.number };
  return readReplay({ directory: outputDir, ...flow, run, withSteps: offline || failed });
}

/** The values of a record for steps that run, or for all of them where none does. */
function takeReplay(
  plan: FlowPlan,
  { replay }: FoundReplay,
  { offline, withDeps }: StepFlags,
): RecordedReplay | undefined {
  if (offline) return withStandIns(plan, replay);
  return withDeps || !replay ? undefined : { ...replay, recorded: undefined };
}

function selectOfFailed(plan: FlowPlan, failed: FailedSteps, { offline }: StepFlags): SelectedSteps | undefined {
  const selected = failed.kind === 'steps' ? failed.selected : undefined;
  return offline ? selectOffline(plan, selected) : selected;
}

/** Of several flows each leaves out the steps that it has; a word that none has a step for is a mistake. */
function findUnknownSkips([first, ...others]: readonly SelectedSteps['unknownSkips'][]): readonly Diagnostic[] {
  return [...(first ?? [])].flatMap(([word, unknown]) => (others.every((other) => other.has(word)) ? [unknown] : []));
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
