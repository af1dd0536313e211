import { resolve } from 'node:path';
import { findOpenWaits } from '../../engine/flows/open-flows.ts';
import { createClock } from '../../engine/lifetimes/clock.ts';
import type { FlowRun } from '../../engine/lifetimes/run-options.ts';
import type { Diagnostic } from '../../model/diagnostic.ts';
import type { LoadPlan } from '../../model/load/load-plan.ts';
import type { FlowPlan } from '../../model/plan.ts';
import { planLoad } from '../../plan/load/plan-load.ts';
import { CODES } from '../../plan/read/findings.ts';
import { readText } from '../../util/read-text.ts';
import { chooseCompanions } from '../arguments/choose-companions.ts';
import { chooseFlows } from '../arguments/choose-flows.ts';
import { findFlowFiles } from '../arguments/find-files.ts';
import type { Project } from '../arguments/find-project.ts';
import { readGivenInputs } from '../arguments/given-inputs.ts';
import type { LoadFlags } from '../arguments/load-flags.ts';
import { loadFlows } from '../arguments/load-flows.ts';
import type { LoadedPlans } from '../arguments/load-plans.ts';
import { loadScenarioFlows } from '../arguments/scenario-flows.ts';
import { findInputTrouble } from '../arguments/unread-inputs.ts';
import {
  attachToUp,
  drawInteger,
  formatBug,
  makeCompanions,
  makeRunId,
  preloadActions,
} from '../commands/run-command.ts';
import { countDiagnostics, formatCounts, formatNotes } from '../findings/format-diagnostics.ts';
import { createMask } from '../findings/mask-findings.ts';
import { printFindings } from '../findings/print-findings.ts';
import { watchSignals } from '../process/interrupt.ts';
import type { Terminal } from '../process/terminal.ts';
import { EXIT } from '../process/usage-error.ts';
import { describePlan } from './describe-plan.ts';
import { readOverrides, readStatistics, refuseLater } from './load-inputs.ts';
import { type LoadAbout, runChosenLoad } from './run-load.ts';
import { checkSegment, describeStart, readSegmentFlags, readStartAt } from './segments.ts';

/** Runs a load; gives the exit code. */
export async function loadCommand(
  paths: readonly string[],
  flags: LoadFlags,
  about: { terminal: Terminal; version: string },
): Promise<number> {
  const { terminal } = about;
  const [first, ...rest] = paths;
  if (first === 'merge') return (await import('./merge-command.ts')).mergeCommand(rest, flags, terminal);
  if (first === 'compare') return (await import('./compare-command.ts')).compareCommand(rest, flags, terminal);
  const inputs = readGivenInputs(flags, terminal);
  const { overrides, ...terms } = readTerms(flags);
  const { cwd } = terminal;
  const { project, loaded, options } = await loadFlows({ cwd, inputs }, (search) =>
    findFlowFiles(paths, { ...search, secret: flags.secret }),
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
  const counts = countDiagnostics(diagnostics, flags.strict);
  const reported = flags.quiet && counts.errors === 0 ? [] : diagnostics;
  printFindings(reported, createMask(flows, inputs, reported), { flags, terminal });
  const { plan } = planned;
  if (counts.errors > 0 || !plan) {
    terminal.writeError(`✗ nothing ran: ${formatCounts(counts)}\n`);
    return EXIT.usage;
  }
  if (terms.segment) checkSegment(plan, terms.segment);
  if (!flags.quiet) terminal.writeError(formatNotes([...planned.notes, ...describeStart(terms.startAtMs, Date.now())]));
  if (flags.dryRun) {
    terminal.write(describePlan(plan, terms.segment));
    return EXIT.passed;
  }
  preloadActions(chosen.runs);
  const beside = describeBeside(project, needed?.companions ?? [], inputs);
  const up = beside.plans.length === 0 ? undefined : await attachToUp(beside, flags, about);
  try {
    return await runWatched(
      { ...terms, plan, runs: chosen.runs, tags: overrides.tags, trace: project?.trace, beside, up },
      flags,
      about,
    );
  } finally {
    up?.peer.close();
  }
}

/** What flags say for themselves, whatever the files do. @throws UsageError */
function readTerms(flags: LoadFlags) {
  refuseLater(flags);
  return {
    segment: readSegmentFlags(flags),
    startAtMs: readStartAt(flags.startAt),
    statistics: readStatistics(flags.summaryTrendStats),
    overrides: readOverrides(flags),
  };
}

type Inputs = ReturnType<typeof readGivenInputs>;
type Beside = Omit<Parameters<typeof makeCompanions>[0], 'clock' | 'runId' | 'seed'>;

function describeBeside(project: Project | undefined, plans: Beside['plans'], inputs: Inputs): Beside {
  const { directory = '', known } = project ?? {};
  return { plans, mocks: known?.mocks ?? new Map(), directory, inputs };
}

/** The flows of the scenarios with their values from outside, and what speaks against many of them at a time. */
function chooseRuns(
  plan: LoadPlan | undefined,
  inputs: Inputs,
): { readonly runs: readonly FlowRun[]; readonly diagnostics: readonly Diagnostic[] } {
  if (!plan) return { runs: [], diagnostics: [] };
  const flows = [...new Set(plan.scenarios.map(({ flow }) => flow))];
  const flags = { only: [], row: [], withSetup: false, withTeardown: false };
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

type WatchedLoad = Omit<LoadAbout, 'engine' | 'flowsOf' | 'terminal' | 'version' | 'exitOf'> & {
  readonly runs: readonly FlowRun[];
  readonly trace: Project['trace'];
  readonly beside: Beside;
  readonly up: Awaited<ReturnType<typeof attachToUp>>;
};

/** Runs the load with the signals of the process watched. */
async function runWatched(
  { runs, trace, beside, up, ...load }: WatchedLoad,
  flags: LoadFlags,
  { terminal, version }: { terminal: Terminal; version: string },
): Promise<number> {
  const clock = createClock();
  const runId = makeRunId(clock.now());
  const seed = flags.seed ?? drawInteger(0x1_0000_0000);
  const runServices = await makeCompanions({ ...beside, clock, runId, seed }, up);
  const watch = watchSignals(terminal.writeError);
  try {
    return await runChosenLoad(
      {
        ...load,
        flowsOf: (flow) => runs.filter(({ plan }) => plan === flow),
        terminal,
        version,
        engine: {
          clock,
          identity: { runId, version, seed, isSeedFixed: flags.seed !== undefined },
          policy: { trace, thinks: true },
          interrupt: watch,
          runServices,
          services: (directory) => ({
            readEnv: (name: string) => terminal.env[name],
            readFile: (path: string) => readText(resolve(directory, path)),
          }),
          onBug: (error, mask) => terminal.writeError(mask(formatBug(error))),
        },
      },
      flags,
    );
  } finally {
    watch.release();
  }
}

function hasErrors({ diagnostics }: LoadedPlans): boolean {
  return diagnostics.some(({ severity }) => severity === 'error');
}
