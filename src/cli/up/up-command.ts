import { actions } from '../../actions/registry.ts';
import { createFunctions } from '../../functions/registry.ts';
import type { ProjectCompanion } from '../../model/companions/service-plan.ts';
import type { Diagnostic } from '../../model/diagnostic.ts';
import type { GivenInputs } from '../../plan/select/flow-inputs.ts';
import { describeFileTrouble } from '../../util/file-trouble.ts';
import { createPaint } from '../../util/paint.ts';
import { findMissing } from '../arguments/choose-companions.ts';
import { findProject } from '../arguments/find-project.ts';
import type { UpFlags } from '../arguments/flags.ts';
import { readGivenInputs } from '../arguments/given-inputs.ts';
import { findUnreadInputs } from '../arguments/unread-inputs.ts';
import { findRunningUp } from '../control/attach.ts';
import { makeControlPath, removeControlPath } from '../control/control-path.ts';
import { countDiagnostics, formatCounts } from '../findings/format-diagnostics.ts';
import { createMasks } from '../findings/mask-findings.ts';
import { printFindings } from '../findings/print-findings.ts';
import { type SignalWatch, waitForSignal, watchSignals } from '../process/interrupt.ts';
import { isColorWanted, type Terminal } from '../process/terminal.ts';
import { EXIT, UsageError } from '../process/usage-error.ts';
import { chooseNames } from './choose-names.ts';
import { RunningUp } from './running-up.ts';

/** Starts services, stubs and proxies of testmesh.yaml, and keeps them until a signal comes; gives the exit code. */
export async function upCommand(
  names: readonly string[],
  flags: UpFlags,
  about: { terminal: Terminal; version: string },
): Promise<number> {
  const { terminal, version } = about;
  const given = readGivenInputs(flags, terminal);
  const { cwd } = terminal;
  const project = await findProject({ cwd, inputs: given, functions: createFunctions(), actions, readsSecrets: true });
  if (!project)
    throw new UsageError('there is no testmesh.yaml here or in a folder above', [
      'it says what `testmesh up` starts, under `services:`, `stubs:` and `proxies:`',
    ]);
  const { directory, inputs } = project;
  const plans = chooseNames(project, names);
  const diagnostics = [
    ...(inputs.findings ?? []),
    ...findUnreadInputs(
      inputs,
      { usedNames: new Set(), diagnostics: project.diagnostics },
      plans,
      'nothing that is started',
    ),
    ...project.diagnostics,
    ...findMissing(plans, inputs),
  ];
  if (!reportFindings(diagnostics, { plans, inputs, flags, terminal })) return EXIT.usage;
  if (plans.length === 0)
    throw new UsageError('testmesh.yaml has nothing to start', ['services go under `services:`, stubs under `stubs:`']);
  const running = await findRunningUp(directory);
  if (running !== undefined)
    throw new UsageError(`\`testmesh up\` runs here already (pid ${running})`, ['runs use it; end it to start others']);
  const signals = watchSignals(() => undefined);
  const up = new RunningUp({
    ...{ plans, directory, inputs, terminal, version },
    mocks: project.known?.mocks ?? new Map(),
    stops: signals,
    pid: process.pid,
    paint: createPaint(isColorWanted(flags.color, terminal)),
    isQuiet: flags.quiet,
  });
  let removeSocket = (): void => undefined;
  try {
    removeSocket = await openControl(up, directory);
    return await keepRunning(up, signals, terminal);
  } finally {
    for (const text of await up.close()) up.warn(`warning: ${text}`);
    removeSocket();
    signals.release();
  }
}

/** Starts all, and waits for the signal; gives the exit code. */
async function keepRunning(up: RunningUp, { work }: SignalWatch, terminal: Terminal): Promise<number> {
  const problems = await up.start();
  for (const { message } of problems) up.warn(`testmesh: ${message}`);
  if (problems.length > 0) return problems.some(({ kind }) => kind === 'authoring') ? EXIT.usage : EXIT.errored;
  if (!work.asked) terminal.write(`${['running until Ctrl-C:', ...up.listAddresses()].join('\n')}\n`);
  const signal = await waitForSignal({ work });
  terminal.write('stopping\n');
  return EXIT[signal];
}

/** Prints what was found; gives whether that lets anything start. */
function reportFindings(
  diagnostics: readonly Diagnostic[],
  about: { plans: readonly ProjectCompanion[]; inputs: GivenInputs; flags: UpFlags; terminal: Terminal },
): boolean {
  const { plans, inputs, flags, terminal } = about;
  const counts = countDiagnostics(diagnostics, flags.strict);
  const flows = plans.flatMap((plan) => (plan.kind === 'service' ? [] : [plan.flow]));
  printFindings(diagnostics, createMasks(flows, inputs, diagnostics), { flags, terminal });
  if (counts.errors > 0) terminal.writeError(`✗ nothing was started: ${formatCounts(counts)}\n`);
  return counts.errors === 0;
}

/** Has runs reach it through a socket; gives what removes that. @throws UsageError where the folder of testmesh.yaml takes none */
async function openControl(up: RunningUp, directory: string): Promise<() => void> {
  try {
    await up.listen(makeControlPath(directory));
    return () => removeControlPath(directory);
  } catch (error) {
    throw new UsageError(
      `the control socket cannot be made in ${directory}: ${describeFileTrouble(error)}`,
      ['runs reach `testmesh up` through it'],
      EXIT.errored,
    );
  }
}
