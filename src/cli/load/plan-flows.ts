import { findOpenWaits } from '../../engine/flows/open-flows.ts';
import type { FlowRun } from '../../engine/lifetimes/run-options.ts';
import type { Diagnostic } from '../../model/diagnostic.ts';
import type { LoadPlan } from '../../model/load/load-plan.ts';
import type { FlowPlan } from '../../model/plan.ts';
import type { LoadOverrides } from '../../plan/load/overrides.ts';
import { planLoad } from '../../plan/load/plan-load.ts';
import { withFindingRules } from '../../plan/project/finding-rules.ts';
import { CODES } from '../../plan/read/findings.ts';
import type { GivenInputs } from '../../plan/select/flow-inputs.ts';
import { chooseCompanions } from '../arguments/choose-companions.ts';
import { chooseFlows } from '../arguments/choose-flows.ts';
import { findFlowFiles } from '../arguments/find-files.ts';
import type { LoadFlags } from '../arguments/load-flags.ts';
import { listUsedNames, loadFlows } from '../arguments/load-flows.ts';
import type { LoadedPlans } from '../arguments/load-plans.ts';
import type { PlannedFlows } from '../arguments/planned-flows.ts';
import { loadScenarioFlows } from '../arguments/scenario-flows.ts';
import { findInputTrouble } from '../arguments/unread-inputs.ts';

/** What flow files and flags say of a load. */
export interface PlannedLoad extends PlannedFlows {
  /** Absent where the findings say why. */
  readonly plan: LoadPlan | undefined;
}

/** Reads and plans the flows that the paths name, and the load that is to be put on with them; contacts nothing. */
export async function planFlows(
  paths: readonly string[],
  {
    flags,
    overrides,
    inputs: given,
    cwd,
  }: { flags: LoadFlags; overrides: LoadOverrides; inputs: GivenInputs; cwd: string },
): Promise<PlannedLoad> {
  const readsSecrets = !flags.dryRun && flags.emit === undefined;
  const { inputs, project, loaded, options, files, read } = await loadFlows(
    { cwd, inputs: given, readsSecrets, isLoad: true },
    (search) => findFlowFiles(paths, { ...search, secret: flags.secret }),
  );
  const { functions } = options;
  const more = loadScenarioFlows(loaded, options);
  const flows = [...loaded.flows.filter((flow) => !loaded.calledOnly.has(flow)), ...(more?.flows ?? [])];
  const planned = planLoad({ documents: loaded.loads, flows, overrides, functions, givenNames: loaded.givenNames });
  const chosen = chooseRuns(planned.plan, inputs);
  const needed = project && chooseCompanions(project, chosen.runs, { wanted: flags.services, inputs });
  const diagnostics = [
    ...findInputTrouble(inputs, loaded, project?.companions),
    ...(project?.diagnostics ?? []),
    ...(needed?.diagnostics ?? []),
    ...loaded.diagnostics,
    ...(more?.diagnostics ?? []),
    ...(hasErrors(loaded) ? [] : planned.diagnostics),
    ...chosen.diagnostics,
  ];
  const { plan, notes } = planned;
  const sources = {
    flowFiles: files,
    read: new Set([...read, ...(more?.flows ?? []).map(({ file }) => file.absolutePath)]),
    usedNames: listUsedNames([loaded, ...(more ? [more] : [])], project),
  };
  const companions = needed?.companions ?? [];
  const ofRules = withFindingRules(diagnostics, project?.findingRules);
  return { plan, runs: chosen.runs, flows, inputs, project, companions, diagnostics: ofRules, notes, sources };
}

/** The flows of the scenarios with their values from outside, and what speaks against many of them at a time. */
function chooseRuns(
  plan: LoadPlan | undefined,
  inputs: GivenInputs,
): { readonly runs: readonly FlowRun[]; readonly diagnostics: readonly Diagnostic[] } {
  if (!plan) return { runs: [], diagnostics: [] };
  const flows = [...new Set(plan.scenarios.map(({ flow }) => flow))];
  const flags = {
    only: [],
    skip: [],
    row: [],
    offline: false,
    failed: false,
    withDeps: false,
    withSetup: false,
    withTeardown: false,
  };
  const { runs, diagnostics } = chooseFlows(flows, { flags, inputs, outputDir: '' });
  return { runs, diagnostics: [...diagnostics, ...flows.flatMap((flow) => listOpenWaits(flow, runs, plan))] };
}

/** A wait that what another virtual user causes may satisfy says nothing. */
function listOpenWaits(flow: FlowPlan, runs: readonly FlowRun[], { scenarios }: LoadPlan): readonly Diagnostic[] {
  const run = runs.find((one) => one.plan === flow);
  const isAlone = scenarios.length === 1 && scenarios.every(({ executor }) => 'vus' in executor && executor.vus === 1);
  if (!run || isAlone) return [];
  return findOpenWaits(run).map(({ address, span, help }) => ({
    severity: 'error',
    code: CODES.looseWait,
    message: `what another virtual user causes could count in \`${address}\``,
    span,
    help: [help],
  }));
}

function hasErrors({ diagnostics }: LoadedPlans): boolean {
  return diagnostics.some(({ severity }) => severity === 'error');
}
