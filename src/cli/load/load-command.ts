import { createClock } from '../../engine/lifetimes/clock.ts';
import type { FlowRun } from '../../engine/lifetimes/run-options.ts';
import type { LoadPlan, OutPlan } from '../../model/load/load-plan.ts';
import { readTextBeside } from '../../util/read-text.ts';
import type { Project } from '../arguments/find-project.ts';
import { readGivenInputs } from '../arguments/given-inputs.ts';
import type { LoadFlags } from '../arguments/load-flags.ts';
import {
  attachToUp,
  drawInteger,
  formatBug,
  makeCompanions,
  makeRunId,
  preloadActions,
} from '../commands/run-command.ts';
import { refuseProtected } from '../environments/refuse-protected.ts';
import { formatNotes } from '../findings/format-diagnostics.ts';
import { reportFindings } from '../findings/report-findings.ts';
import { refuseInputFiles } from '../output/refuse-input-files.ts';
import { watchSignals } from '../process/interrupt.ts';
import type { CommandAbout } from '../process/terminal.ts';
import { EXIT } from '../process/usage-error.ts';
import { describePlan } from './describe-plan.ts';
import { inlineMore } from './inline-more.ts';
import { keepHeapSmall } from './keep-heap-small.ts';
import { readTerms } from './load-inputs.ts';
import { describeTask, type LoadTask, readTask, toParts } from './load-task.ts';
import { planFlows } from './plan-flows.ts';
import { type LoadAbout, runChosenLoad } from './run-load.ts';
import { runOnceParts } from './run-once-parts.ts';
import { checkSegment, describeStart, takeSegment } from './segments.ts';
import { awaitSetup } from './setup-wait.ts';
import { encodeInputs } from './thread-data.ts';
import { chooseThreads } from './threads.ts';

/** Runs a load; gives the exit code. */
export async function loadCommand(paths: readonly string[], flags: LoadFlags, about: CommandAbout): Promise<number> {
  const { terminal } = about;
  const [first, ...rest] = paths;
  // These read files of runs that are over, of which one may be written again: whatever their end, none is removed.
  if (first === 'merge' || first === 'compare') about.onStart?.();
  if (first === 'merge') return (await import('./merge-command.ts')).mergeCommand(rest, flags, terminal);
  if (first === 'compare') return (await import('./compare-command.ts')).compareCommand(rest, flags, terminal);
  if (flags.emit !== undefined) return (await import('./emit-command.ts')).emitCommand(paths, flags, about);
  return runLoad(paths, takeSegment(flags, terminal.env), about);
}

/** Runs a load, or its setup or teardown; gives the exit code. */
async function runLoad(paths: readonly string[], flags: LoadFlags, about: CommandAbout): Promise<number> {
  const { terminal } = about;
  const given = readGivenInputs(flags, terminal);
  const { overrides, ...terms } = readTerms(flags);
  const task = readTask(paths, flags);
  const { cwd } = terminal;
  const planned = await planFlows(task.paths, { flags, overrides, inputs: given, cwd });
  const { plan, runs, project, companions, inputs } = planned;
  const written = listWritten(plan?.out ?? overrides.out.map((text) => ({ text })), flags);
  refuseInputFiles(written, planned, { flags, about });
  if (!reportFindings(planned, { flags, terminal }).canRun || !plan) return EXIT.usage;
  if (terms.segment) checkSegment(plan, terms.segment);
  const threads = chooseThreads(flags, { ...planned, plan }, terms.segment?.slice);
  const ended = flags.shards === undefined ? undefined : await awaitSetup(task, terminal);
  if (ended !== undefined) return EXIT[ended];
  const parts = toParts(task, { plan, flags, cwd });
  const starts = task.kind === 'load' ? describeStart(terms.startAtMs, Date.now()) : [];
  if (!flags.quiet) terminal.writeError(formatNotes([...planned.notes, ...describeTask(task, plan), ...starts]));
  if (flags.dryRun) {
    terminal.write(describePlan(plan, terms.segment));
    return EXIT.passed;
  }
  await refuseProtected(project?.environment, { allowed: flags.allowProtected, terminal });
  preloadActions(runs);
  keepHeapSmall(plan);
  inlineMore();
  const beside = describeBeside(project, companions, inputs);
  const up = beside.plans.length === 0 ? undefined : await attachToUp(beside, flags, about);
  try {
    const load = { ...terms, plan, parts, threads, runs, tags: overrides.tags, trace: project?.trace, beside, up };
    return await runWatched(load, task, { flags, ...about });
  } finally {
    up?.peer.close();
  }
}

/** The files that a load writes, as its flags and its plan name them. */
function listWritten(out: readonly OutPlan[], { summaryExport, setupData }: LoadFlags) {
  const targets = out.map(({ text }) => ({ asked: `--out ${text}`, file: text.split(/=(.*)/s)[1] ?? '' }));
  return [
    ...targets.filter(({ file }) => file !== '' && !file.includes('://')),
    ...(summaryExport === undefined ? [] : [{ asked: '--summary-export', file: summaryExport }]),
    ...(setupData === undefined ? [] : [{ asked: '--setup-data', file: setupData }]),
  ];
}

type Beside = Omit<Parameters<typeof makeCompanions>[0], 'clock' | 'runId' | 'seed'>;

function describeBeside(project: Project | undefined, plans: Beside['plans'], inputs: Beside['inputs']): Beside {
  const { directory = '', known } = project ?? {};
  return { plans, mocks: known?.mocks ?? new Map(), directory, inputs };
}

type WatchedLoad = Omit<LoadAbout, 'engine' | 'threads' | 'flowsOf' | 'terminal' | 'version' | 'exitOf'> & {
  readonly plan: LoadPlan;
  readonly runs: readonly FlowRun[];
  readonly trace: Project['trace'];
  readonly beside: Beside;
  readonly up: Awaited<ReturnType<typeof attachToUp>>;
  /** How many run it. */
  readonly threads: number;
};

/** Runs the load with the signals of the process watched. */
async function runWatched(
  { runs, trace, beside, up, threads, ...load }: WatchedLoad,
  task: LoadTask,
  { flags, terminal, version, onStart }: CommandAbout & { flags: LoadFlags },
): Promise<number> {
  const clock = createClock();
  const runId = makeRunId(clock.now());
  const seed = flags.seed ?? drawInteger(0x1_0000_0000);
  const runServices = await makeCompanions({ ...beside, clock, runId, seed }, up);
  const watch = watchSignals(terminal.writeError);
  onStart?.();
  const about: LoadAbout = {
    ...load,
    threads: threads > 1 ? { count: threads, paths: task.paths, inputs: encodeInputs(beside.inputs) } : undefined,
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
        readFile: (path: string) => readTextBeside(directory, path),
      }),
      onBug: (error, mask) => terminal.writeError(mask(formatBug(error))),
    },
  };
  try {
    return await (task.kind === 'load' ? runChosenLoad(about, flags) : runOnceParts(about, task, flags));
  } finally {
    watch.release();
  }
}
