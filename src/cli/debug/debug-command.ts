import { writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { createFunctions } from '../../functions/registry.ts';
import type { FlowPlan, StepPlan } from '../../model/plan.ts';
import { listPhases, listSteps } from '../../model/walk-steps.ts';
import { interruptedBy } from '../../stop/stop-error.ts';
import { makeFolder } from '../../util/make-folder.ts';
import type { RunFlags } from '../arguments/flags.ts';
import { readGivenInputs } from '../arguments/given-inputs.ts';
import { planRun } from '../commands/plan-run.ts';
import { runPlanned } from '../commands/run-command.ts';
import { withRunSettings } from '../commands/run-settings.ts';
import { reportFindings } from '../findings/report-findings.ts';
import { watchSignals } from '../process/interrupt.ts';
import { type CommandAbout, isColorWanted, type Terminal } from '../process/terminal.ts';
import { UsageError } from '../process/usage-error.ts';
import { DebugSession } from './debug-session.ts';
import { createLineReader, type LineReader } from './read-lines.ts';

const HISTORY = 'debug-history';

/** Runs the flows that the paths name, and stands before each of their steps; gives the exit code. */
export async function debugCommand(paths: readonly string[], flags: RunFlags, about: CommandAbout): Promise<number> {
  refuseOthers(flags);
  const { terminal } = about;
  const inputs = readGivenInputs(flags, terminal);
  const plan = () => planRun(paths, flags, { inputs, terminal });
  const planned = await plan();
  const signals = watchSignals(terminal.writeError);
  const directory = resolve(terminal.cwd, flags.outputDir);
  const lines = createLineReader(terminal, join(directory, HISTORY), () => process.kill(process.pid, 'SIGINT'));
  const session = new DebugSession({
    lines,
    write: terminal.writeError,
    functions: createFunctions(),
    breaks: flags.break,
    quit: () => signals.work.ask(interruptedBy('SIGINT')),
    async readAgain() {
      try {
        const now = await plan();
        return reportFindings(now, { flags, terminal }).canRun ? findIn(now.flows) : undefined;
      } catch (error) {
        if (!(error instanceof UsageError)) throw error;
        terminal.writeError(`${error.message}\n`);
        return undefined;
      }
    },
  });
  try {
    const color = isColorWanted(flags.color, terminal) ? 'always' : 'never';
    const own = { ...withRunSettings(flags, planned.project, terminal.cwd), workers: 1, color } as const;
    // Nothing is drawn below the lines while somebody types there.
    const still: Terminal = Object.create(terminal, { isTty: { value: false } });
    return await runPlanned(planned, own, { ...about, terminal: still }, { interrupt: signals, pause: session.pause });
  } finally {
    signals.release();
    keepHistory(lines, directory);
  }
}

/** Finds a step as it is written by now: in its flow first, for others of the file may have one of its address. */
function findIn(flows: readonly FlowPlan[]): (step: StepPlan, flowId: string) => StepPlan | undefined {
  return (step, flowId) => {
    const own = flows.filter(({ id }) => id === flowId);
    const steps = listSteps([...own, ...flows].flatMap(listPhases));
    return steps.find((one) => one.address === step.address && one.span.file.path === step.span.file.path);
  };
}

/** What runs several things at a time, or nothing that could stand still. @throws UsageError */
function refuseOthers(flags: RunFlags): void {
  const others = [
    ...(flags.workers !== undefined && flags.workers > 1 ? [`\`-j ${flags.workers}\``] : []),
    ...(flags.watch ? ['`--watch`'] : []),
    ...(flags.dryRun ? ['`--dry-run`'] : []),
    ...(flags.emit === undefined ? [] : ['`--emit`']),
  ];
  if (others.length === 0) return;
  throw new UsageError(`\`--debug\` goes through the steps one by one, and not together with ${others.join(' and ')}`, [
    others.length === 1 ? 'leave one of the two out' : 'leave these out',
  ]);
}

/** That what was typed cannot be kept is no trouble. */
function keepHistory({ history }: LineReader, directory: string): void {
  try {
    makeFolder(directory, 0o700);
    writeFileSync(join(directory, HISTORY), `${history.join('\n')}\n`, { mode: 0o600 });
  } catch {
    // The next session begins without.
  }
}
