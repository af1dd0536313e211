import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import type { FlowsAround } from '../../engine/flows/around-flows.ts';
import { runFlows } from '../../engine/flows/run-flows.ts';
import { createClock } from '../../engine/lifetimes/clock.ts';
import type { Pause } from '../../engine/lifetimes/pause.ts';
import type { FlowRun, RunOptions, RunOutcome } from '../../engine/lifetimes/run-options.ts';
import { createOfflineClock } from '../../engine/recorded/offline-clock.ts';
import { keyOfCompanion } from '../../model/companions/companion.ts';
import type { RunServices } from '../../model/companions/run-services.ts';
import type { Consumer } from '../../model/consumer.ts';
import type { TraceTerms } from '../../model/trace-terms.ts';
import { needsLiveState } from '../../plan/select/live-state.ts';
import { withSecretSources } from '../../plan/select/secret-sources.ts';
import { createGreenComparison } from '../../records/green/compare-with-green.ts';
import { createRecorder, type RecorderOptions } from '../../records/recorder.ts';
import type { Again } from '../../reporters/output/options.ts';
import { describeFileTrouble } from '../../util/file-trouble.ts';
import { readTextBeside } from '../../util/read-text.ts';
import type { RunFlags } from '../arguments/flags.ts';
import { readGivenInputs } from '../arguments/given-inputs.ts';
import { repeatFlags } from '../arguments/repeat-flags.ts';
import type { CompanionsOptions } from '../companions/create-companions.ts';
import type { Attached } from '../control/attach.ts';
import { refuseProtected } from '../environments/refuse-protected.ts';
import { formatNotes } from '../findings/format-diagnostics.ts';
import { reportFindings } from '../findings/report-findings.ts';
import { describeLoss } from '../output/describe-loss.ts';
import { openReporters, type ReportedRun } from '../output/open-reporters.ts';
import { createLogConsumer, openOwnLog } from '../output/own-log.ts';
import { listReportFiles, refuseInputFiles } from '../output/refuse-input-files.ts';
import { watchSignals } from '../process/interrupt.ts';
import { createRecordOwner } from '../process/record-owner.ts';
import type { CommandAbout, Terminal } from '../process/terminal.ts';
import { createMemoryTrimmer } from '../process/trim-memory.ts';
import { EXIT, UsageError } from '../process/usage-error.ts';
import { takeShard } from '../suites/choose-shard.ts';
import { orderRuns, readBail } from '../suites/order-runs.ts';
import { toExitCode } from './exit-code.ts';
import { type PlannedRun, planRun } from './plan-run.ts';
import { withRunSettings } from './run-settings.ts';
import { listRunSteps } from './run-steps.ts';

/** Runs the flows that the paths name; gives the exit code. */
export async function runCommand(paths: readonly string[], flags: RunFlags, about: CommandAbout): Promise<number> {
  const { terminal } = about;
  // First, for what follows a `--secret` without its `=` is read as a file, and no message may repeat it.
  const inputs = readGivenInputs(flags, terminal);
  const own = takeShard(flags, terminal.env);
  const planned = await planRun(paths, own, { inputs, terminal });
  return runPlanned(planned, withRunSettings(own, planned.project, terminal.cwd), about);
}

/** What outlives a run, where others follow it. */
export interface Lasting extends Pick<RunOptions, 'interrupt' | 'kept'> {
  /** Holds it before each step. */
  readonly pause?: Pause | undefined;
  /** Follow the run besides. */
  readonly consumers?: readonly Consumer[];
  /** Gives the run what it needs of testmesh.yaml. */
  makeServices?(beside: Beside, up: Attached | undefined): Promise<RunServices | undefined>;
}

/** Runs what was planned, once; gives the exit code. */
export async function runPlanned(
  planned: PlannedRun,
  flags: RunFlags,
  about: CommandAbout,
  lasting?: Lasting,
): Promise<number> {
  const { terminal } = about;
  const { flows, inputs, project, companions, isEmptyShard } = planned;
  refuseInputFiles(listReportFiles(flags.reporter), planned, { flags, about });
  const { canRun, mask } = reportFindings(planned, { flags, terminal });
  if (!canRun) return EXIT.usage;
  const ordered = orderRuns(planned.runs, flags, () => drawInteger(1_000_000));
  const bail = readBail(flags);
  if (!flags.quiet) terminal.writeError(formatNotes([...planned.notes, ...ordered.notes]));
  const { around } = planned;
  if (flags.dryRun) return printPlan(ordered.runs, { around, companions }, { flags, terminal, mask });
  const all = withAround(ordered.runs, around);
  if (!flags.offline) {
    const steps = all.flatMap(listRunSteps);
    await refuseProtected(project?.environment, { allowed: flags.allowProtected, steps, terminal });
    preloadActions(all);
  }
  const { directory = '', known, trace } = project ?? {};
  const mocks = (flags.offline ? undefined : known?.mocks) ?? new Map();
  const beside = { plans: companions, mocks, directory, inputs };
  const up = beside.plans.length === 0 ? undefined : await attachToUp(beside, flags, about);
  try {
    const again = { words: repeatFlags(flags, flows, mask), choose: makeChoice(all) };
    const describeBlob = async () =>
      (await import('../suites/describe-blob.ts')).describeBlob(planned.whole, flags, about);
    const limits = project?.runSettings?.records;
    const reported = { again, describeBlob };
    const asked = { runs: ordered.runs, around, lasting, bail, trace, limits, beside, up, reported };
    const exitCode = toExitCode(await runChosen(asked, flags, about), {
      ...flags,
      passWithNoTests: flags.passWithNoTests || isEmptyShard,
    });
    if (exitCode === EXIT.nothingMatched) terminal.writeError('✗ no step ran; `--pass-with-no-tests` lets that pass\n');
    return exitCode;
  } finally {
    up?.peer.close();
  }
}

/** Prints what would run; gives the exit code. */
export async function printPlan(
  runs: readonly FlowRun[],
  { around = {}, companions }: { around?: FlowsAround; companions: CompanionsOptions['plans'] },
  { flags, terminal, mask }: { flags: RunFlags; terminal: Terminal; mask: (text: string) => string },
): Promise<number> {
  const { describeRuns } = await import('../suites/dry-run.ts');
  const services = readOutside(terminal);
  terminal.write(describeRuns(runs, { services, mask, around, companions: companions.map(keyOfCompanion) }));
  return runs.length === 0 && !flags.passWithNoTests ? EXIT.nothingMatched : EXIT.passed;
}

/** The flows with those that run before and after them. */
function withAround(runs: readonly FlowRun[], { before, after }: FlowsAround): readonly FlowRun[] {
  return [before, ...runs, after].filter((run) => run !== undefined);
}

/** What functions read from outside, for a flow in this folder. */
function readOutside(terminal: Terminal): RunOptions['services'] {
  return (directory) => ({
    readEnv: (name: string) => terminal.env[name],
    readFile: (path: string) => readTextBeside(directory, path),
  });
}

/** The `testmesh up` of the folder, where one runs that has any of what the flows need. */
export async function attachToUp(
  { plans, directory }: Pick<CompanionsOptions, 'plans' | 'directory'>,
  { quiet }: Pick<RunFlags, 'quiet'>,
  { terminal, version }: { terminal: Terminal; version: string },
): Promise<Attached | undefined> {
  const { attach, describeAttached } = await import('../control/attach.ts');
  const attached = await attach(directory, { version, pid: process.pid });
  const note = attached && describeAttached(attached, plans);
  if (note !== undefined && !quiet) terminal.writeError(formatNotes([note]));
  return attached;
}

/** What flows need of testmesh.yaml, before a run is there. */
export type Beside = Omit<CompanionsOptions, 'clock' | 'runId' | 'seed'>;

/** The flows that are to run, with what is said of their traces and what runs beside them. */
interface AskedRun {
  readonly runs: readonly FlowRun[];
  readonly around: FlowsAround;
  /** After how many that did not pass no further one starts. */
  readonly bail: number | undefined;
  readonly trace: TraceTerms | undefined;
  readonly limits: RecorderOptions['limits'];
  readonly beside: Beside;
  readonly up: Attached | undefined;
  readonly lasting: Lasting | undefined;
  readonly reported: ReportedRun;
}

/** Which steps have to run again for some of them to. */
function makeChoice(runs: readonly FlowRun[]): NonNullable<Again['choose']> {
  return (file, addresses) => {
    const plan = runs.find((run) => run.plan.file.path === file)?.plan;
    if (!plan) return addresses;
    return needsLiveState(plan, addresses) ? undefined : withSecretSources(plan, addresses);
  };
}

async function runChosen(
  { runs, around, lasting, bail, trace, limits, beside, up, reported }: AskedRun,
  flags: RunFlags,
  { terminal, version, onStart }: CommandAbout,
): Promise<RunOutcome> {
  const clock = flags.offline ? createOfflineClock(createClock()) : createClock();
  const reporters = await openReporters(flags, terminal, reported);
  const log = await openOwnLog(flags.logLevel, terminal);
  const runId = makeRunId(clock.now());
  const losses: string[] = [];
  const directory = resolve(terminal.cwd, flags.outputDir);
  const onProblem = (text: string): void => void losses.push(text);
  const recorder = recordRun(withAround(runs, around), {
    ...{ directory, runId, flags, onProblem, limits, cwd: terminal.cwd },
  });
  const seed = flags.seed ?? drawInteger(0x1_0000_0000);
  const runServices = lasting?.makeServices
    ? await lasting.makeServices(beside, up)
    : await makeCompanions({ ...beside, clock, runId, seed }, up);
  const signals = lasting ? { ...lasting.interrupt, release: () => undefined } : watchSignals(terminal.writeError);
  onStart?.();
  try {
    const run = await runFlows(runs, {
      clock,
      identity: { runId, version, seed, isSeedFixed: flags.seed !== undefined },
      policy: {
        flowTimeoutMs: flags.timeout,
        stepTimeoutMs: flags.stepTimeout,
        teardownTimeoutMs: flags.teardownTimeout,
        ...{ trace, pause: lasting?.pause },
      },
      // What is judged once more is the record, which stays the last one.
      consumers: [
        ...[...reporters, ...(flags.offline ? [] : [recorder, ...(await openHistory(flags, terminal))])],
        ...(log ? [createLogConsumer(log)] : []),
        ...(lasting?.consumers ?? [createMemoryTrimmer()]),
      ],
      annotate: createGreenComparison(directory),
      interrupt: signals,
      kept: lasting?.kept,
      around,
      workers: flags.workers ?? 1,
      bail,
      retries: flags.retries,
      runServices,
      services: readOutside(terminal),
      onBug: (error, mask) => terminal.writeError(mask(formatBug(error))),
    });
    losses.push(...run.unwritten.map(describeLoss));
    terminal.writeError(losses.map((loss) => `testmesh: ${loss}\n`).join(''));
    return run;
  } finally {
    signals.release();
  }
}

/** Leaves a record of the run. */
function recordRun(
  runs: readonly FlowRun[],
  {
    flags,
    cwd,
    ...place
  }: Pick<RecorderOptions, 'directory' | 'runId' | 'onProblem' | 'limits'> & {
    readonly flags: RunFlags;
    readonly cwd: string;
  },
): Consumer {
  const texts = new Map(runs.map(({ plan }) => [plan.file.path, plan.file.text]));
  const exchanges = flags.verbose > 0 ? 'all' : 'failed';
  return createRecorder({
    textOf: (file) => texts.get(file),
    hasFile: (file) => existsSync(resolve(cwd, file)),
    owner: createRecordOwner(),
    exchanges,
    ...place,
  });
}

/** What leaves an entry of the run for `report --history`, where that is wanted. */
async function openHistory({ historyDir }: RunFlags, terminal: Terminal): Promise<readonly Consumer[]> {
  if (historyDir === undefined) return [];
  const { createHistoryWriter } = await import('../../records/history/history-writer.ts');
  const { findCommit } = await import('../suites/describe-blob.ts');
  const writer = createHistoryWriter(resolve(terminal.cwd, historyDir), () => findCommit(terminal));
  const close = () =>
    writer.close().catch((error: unknown) => {
      throw new UsageError(
        `the run leaves no entry in \`${historyDir}\` for \`report --history\`: ${describeFileTrouble(error)}`,
      );
    });
  return [{ ...writer, close }];
}

/** What a bug in testmesh prints: the stack, and where to take it. */
export function formatBug(error: unknown): string {
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return `testmesh: this is a bug in testmesh, not in your flow; please report it with the lines below\n${stack}\n`;
}

/** Without companions nothing of theirs is loaded. */
export async function makeCompanions(
  options: CompanionsOptions,
  up: Attached | undefined,
): Promise<RunServices | undefined> {
  if (options.plans.length === 0 && options.mocks.size === 0) return undefined;
  const { createCompanions } = await import('../companions/create-companions.ts');
  const hooks = up && (await import('../control/use-attached.ts')).useAttached(up, options);
  return createCompanions(options, hooks);
}

/** Client libraries start loading while the run is set up. */
export function preloadActions(runs: readonly FlowRun[]): void {
  const used = new Set(runs.flatMap(listRunSteps).map((step) => step.action));
  // A library that cannot be loaded is reported by the step that needs it.
  for (const action of used) action.preparation?.load?.().catch(() => undefined);
}

/** Sorts by time: `20260131-100000-4f3a`. */
export function makeRunId(now: number): string {
  const time = new Date(now).toISOString().slice(0, 19).replaceAll(/[-:]/g, '').replace('T', '-');
  return `${time}-${drawInteger(0x1_0000).toString(16).padStart(4, '0')}`;
}

/** From 0 (inclusive) to `end` (exclusive). Nothing here is secret, and loading `node:crypto` takes longer than a short flow is planned. */
export function drawInteger(end: number): number {
  return Math.floor(Math.random() * end);
}
