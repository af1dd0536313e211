import { withCalledFlows } from '../../plan/select/called-flows.ts';
import type { RunFlags } from '../arguments/flags.ts';
import { readGivenInputs } from '../arguments/given-inputs.ts';
import { emitRun } from '../emit/emit-run.ts';
import { forbidSecrets, listSources, refuseCompanions } from '../emit/pod-sources.ts';
import { repeatRunFlags } from '../emit/repeat-run.ts';
import { formatNotes } from '../findings/format-diagnostics.ts';
import { reportFindings } from '../findings/report-findings.ts';
import { readReporters } from '../output/open-reporters.ts';
import type { Terminal } from '../process/terminal.ts';
import { EXIT, UsageError } from '../process/usage-error.ts';
import { splitLines } from '../suites/step-lines.ts';
import { planRun } from './plan-run.ts';
import { makeRunId, printPlan } from './run-command.ts';

/** Writes a run as a job that others run; contacts nothing, and gives the exit code. */
export async function emitRunCommand(
  paths: readonly string[],
  flags: RunFlags,
  { terminal, version }: { terminal: Terminal; version: string },
): Promise<number> {
  const inputs = readGivenInputs(flags, terminal);
  const { cwd } = terminal;
  // Before what they name is looked for.
  repeatRunFlags(flags);
  if (splitLines(paths, cwd).written.length > 0)
    throw new UsageError('--emit kubernetes: a line names one step, and pods run whole flows', ['name the file alone']);
  const reporters = readReporters(flags.reporter, cwd);
  const planned = await planRun(paths, flags, { inputs, terminal });
  const { runs, project, companions, sources } = planned;
  // All files go along, whatever is chosen of them.
  const flows = withCalledFlows(planned.flows);
  const diagnostics = forbidSecrets(planned.diagnostics, flows);
  const { canRun, mask } = reportFindings({ ...planned, diagnostics }, { flags, terminal });
  if (!canRun) return EXIT.usage;
  refuseCompanions(companions);
  refuseHidden(flags, mask);
  if (flags.dryRun) return printPlan(runs, { around: planned.around, companions }, { flags, terminal, mask });
  if (runs.length === 0)
    throw new UsageError('--emit kubernetes: there is no flow for pods to run', [], EXIT.nothingMatched);
  const emitted = emitRun({
    ...{ flags, flows, runs, inputs, reporters, version },
    sources: listSources(sources, { flows, project, cwd }),
    usedNames: sources.usedNames,
    runId: makeRunId(Date.now()),
  });
  terminal.write(emitted.text);
  if (!flags.quiet) terminal.writeError(formatNotes([...planned.notes, ...emitted.notes]));
  return EXIT.passed;
}

/** @throws UsageError where what chooses flows holds a secret, for pods are given it as it is */
function refuseHidden({ tags, suite, grep, grepInvert }: RunFlags, mask: (text: string) => string): void {
  const texts = { '--tags': tags, '--suite': suite, '--grep': grep, '--grep-invert': grepInvert };
  for (const [flag, text] of Object.entries(texts)) {
    if (text === undefined || mask(text) === text) continue;
    throw new UsageError(`--emit kubernetes: \`${flag}\` holds a secret, and the words of a job hide nothing`, [
      'choose the flows by other words',
    ]);
  }
}
