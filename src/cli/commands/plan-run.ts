import { resolve } from 'node:path';
import type { FlowsAround } from '../../engine/flows/around-flows.ts';
import type { FlowRun } from '../../engine/lifetimes/run-options.ts';
import { withFindingRules } from '../../plan/project/finding-rules.ts';
import type { GivenInputs } from '../../plan/select/flow-inputs.ts';
import { chooseCompanions } from '../arguments/choose-companions.ts';
import { chooseFlows } from '../arguments/choose-flows.ts';
import { findFlowFiles } from '../arguments/find-files.ts';
import type { RunFlags } from '../arguments/flags.ts';
import { listUsedNames, loadFlows } from '../arguments/load-flows.ts';
import { describeCalledOnly } from '../arguments/load-plans.ts';
import type { PlannedFlows } from '../arguments/planned-flows.ts';
import { checkStepFlags } from '../arguments/step-flags.ts';
import { findUnknownFlowSettings } from '../arguments/unknown-flow-settings.ts';
import { findInputTrouble } from '../arguments/unread-inputs.ts';
import type { Terminal } from '../process/terminal.ts';
import { EXIT, UsageError } from '../process/usage-error.ts';
import { chooseFailed } from '../records/choose-failed.ts';
import { checkRun } from '../records/named-run.ts';
import { chooseAsked } from '../suites/choose-asked.ts';
import { checkShardFlags, chooseShard } from '../suites/choose-shard.ts';
import { splitLines } from '../suites/step-lines.ts';
import { chooseAround } from './choose-around.ts';
import { keepFindingsOfRun } from './run-steps.ts';

/** What flow files and flags say of a run. */
export interface PlannedRun extends PlannedFlows {
  /** Those of this shard, in their order. */
  readonly runs: readonly FlowRun[];
  /** What runs before and after them. */
  readonly around: FlowsAround;
  /** Those of all shards together. */
  readonly whole: readonly FlowRun[];
  /** Whether there are flows, and none of them is this shard's. */
  readonly isEmptyShard: boolean;
}

/** Reads and plans the flows that the paths name, and chooses those that are to run; contacts nothing. */
export async function planRun(
  paths: readonly string[],
  flags: RunFlags,
  { inputs: given, terminal }: { inputs: GivenInputs; terminal: Terminal },
): Promise<PlannedRun> {
  const { cwd } = terminal;
  checkShardFlags(flags);
  const { paths: files, lines, written } = splitLines(paths, cwd);
  checkStepFlags(flags, written);
  const outputDir = resolve(cwd, flags.outputDir);
  if (flags.replay !== undefined) checkRun(flags.replay, { outputDir, shown: flags.outputDir });
  const {
    inputs,
    project,
    loaded,
    around: planned,
    files: flowFiles,
    read,
  } = await loadFlows(
    { cwd, inputs: given, readsSecrets: !flags.dryRun && !flags.offline && flags.emit === undefined },
    (search) => orNothing(flags, terminal, () => findFlowFiles(files, { ...search, secret: flags.secret })),
  );
  const callable = loaded.flows.filter((flow) => !loaded.calledOnly.has(flow));
  const ownFlows = await orNothing(flags, terminal, () => chooseAsked(callable, flags, { cwd, project }));
  const chosen = chooseFlows(ownFlows, { flags, lines, inputs, outputDir, shownDir: flags.outputDir });
  const failed = flags.lastFailed
    ? await orNothing(flags, terminal, () => chooseFailed(chosen.runs, outputDir, flags.outputDir))
    : chosen.runs;
  const runs = chooseShard(failed, flags, cwd);
  const beside = chooseAround(planned, runs, { ...flags, inputs, outputDir });
  const { before, after } = beside.around;
  const all = [before, ...runs, after].filter((run) => run !== undefined);
  const ofRun = keepFindingsOfRun(loaded.diagnostics, loaded.flows, runs);
  const needed = project && !flags.offline && chooseCompanions(project, all, { wanted: flags.services, inputs });
  const ofProject = [...(project?.diagnostics ?? []), ...(needed ? needed.diagnostics : [])];
  const unknown = findUnknownFlowSettings(project, loaded, { paths: files, cwd });
  const ofInputs = [...findInputTrouble(inputs, loaded, project?.companions), ...ofProject, ...unknown];
  const isEmptyShard = flags.shard !== undefined && failed.length > 0 && runs.length === 0;
  return {
    ...{ runs, around: beside.around, whole: failed, inputs, project, isEmptyShard },
    flows: [...loaded.flows, ...Object.values(planned.flows)],
    companions: needed ? needed.companions : [],
    diagnostics: withFindingRules(
      [...ofInputs, ...ofRun, ...(hasErrors(loaded.diagnostics) ? [] : [...chosen.diagnostics, ...beside.diagnostics])],
      project?.findingRules,
    ),
    notes: [
      ...describeCalledOnly(loaded.calledOnly),
      ...chosen.notes,
      ...beside.notes,
      ...(isEmptyShard ? [`this shard has nothing to run: the flows are ${failed.length}`] : []),
    ],
    sources: { flowFiles, read, usedNames: listUsedNames([loaded], project) },
  };
}

/** What is chosen; nothing where nothing matches and that is good. */
async function orNothing<T>(
  { passWithNoTests }: RunFlags,
  terminal: Terminal,
  choose: () => Promise<readonly T[]> | readonly T[],
): Promise<readonly T[]> {
  try {
    return await choose();
  } catch (error) {
    if (!passWithNoTests || !(error instanceof UsageError) || error.exitCode !== EXIT.nothingMatched) throw error;
    terminal.writeError(`note: ${error.message}\n`);
    return [];
  }
}

function hasErrors(diagnostics: readonly { severity: string }[]): boolean {
  return diagnostics.some((diagnostic) => diagnostic.severity === 'error');
}
