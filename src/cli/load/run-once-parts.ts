import { openKeySource } from '../../actions/changes/key-sources.ts';
import { LoadRun } from '../../load/run/load-run.ts';
import { createPaint } from '../../util/paint.ts';
import type { LoadFlags } from '../arguments/load-flags.ts';
import { formatNotes } from '../findings/format-diagnostics.ts';
import { isColorWanted } from '../process/terminal.ts';
import { EXIT } from '../process/usage-error.ts';
import type { LoadTask } from './load-task.ts';
import { toExitCode } from './print-summary.ts';
import { judge, type LoadAbout } from './run-load.ts';
import { writeSetupFile } from './setup-file.ts';

/** Runs setup alone and keeps what it left, or teardown alone; gives the exit code. */
export async function runOnceParts(
  about: LoadAbout,
  { kind, setupData = '' }: LoadTask,
  flags: LoadFlags,
): Promise<number> {
  const { plan, flowsOf, engine, parts, terminal } = about;
  const options = { plan, flowsOf, engine, parts, tags: about.tags, openKeySource };
  const load = new LoadRun({ ...options, outputs: [], allowsEmptyThresholds: true, onTick: () => undefined });
  const end = await load.run();
  const verdict = judge(load, end, []);
  const exitCode = toExitCode(verdict, end.outcome.interrupted);
  const paint = createPaint(isColorWanted(flags.color, terminal));
  if (exitCode !== EXIT.passed) {
    const kept = kind === 'setup' ? `; ${setupData} is not written` : '';
    const why = kind === 'teardown' && load.lastProblem !== undefined ? `: ${load.lastProblem}` : '';
    terminal.write(`${paint.red('✗')} ${kind}: ${verdict.text}${why} (exit code ${exitCode})${kept}\n`);
    return exitCode;
  }
  const count = new Set(
    load.plan.scenarios
      .map(({ flow }) => flow)
      .filter((flow) => flow[kind === 'setup' ? 'setup' : 'teardown'].length > 0),
  ).size;
  const flows = `${count} ${count === 1 ? 'flow' : 'flows'}`;
  if (kind === 'setup') {
    writeSetupFile(setupData, load.setups, terminal.cwd);
    const hasSecrets = load.setups.some(({ rest }) => rest.secrets.length > 0);
    const what = hasSecrets
      ? `${setupData} holds secrets, and only its owner (mode 0600) reads it`
      : `only the owner of ${setupData} (mode 0600) reads it`;
    if (!flags.quiet) terminal.writeError(formatNotes([what]));
  }
  terminal.write(
    `${paint.green('✓')} ${kind} of ${flows}${kind === 'setup' ? `, and what it made is in ${setupData}` : ''}\n`,
  );
  return exitCode;
}
