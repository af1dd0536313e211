import { withFindingRules } from '../../plan/project/finding-rules.ts';
import { resolveInputs } from '../../plan/select/flow-inputs.ts';
import { findFlowFiles } from '../arguments/find-files.ts';
import type { ValidateFlags } from '../arguments/flags.ts';
import { readGivenInputs } from '../arguments/given-inputs.ts';
import { loadFlows } from '../arguments/load-flows.ts';
import { describeCalledOnly } from '../arguments/load-plans.ts';
import { findUnknownFlowSettings } from '../arguments/unknown-flow-settings.ts';
import { findInputTrouble } from '../arguments/unread-inputs.ts';
import { type FindingsReport, formatGithub, formatJson, toFindings } from '../findings/findings-formats.ts';
import { formatSarif } from '../findings/findings-sarif.ts';
import { countDiagnostics, formatCounts, formatNotes } from '../findings/format-diagnostics.ts';
import { createMasks } from '../findings/mask-findings.ts';
import { printFindings } from '../findings/print-findings.ts';
import type { Terminal } from '../process/terminal.ts';
import { EXIT } from '../process/usage-error.ts';

/** Reports every finding in the flows that the paths name; contacts nothing. */
export async function validateFlows(
  paths: readonly string[],
  flags: ValidateFlags,
  { terminal, version }: { terminal: Terminal; version: string },
): Promise<number> {
  const { cwd } = terminal;
  const { inputs, project, loaded, around, options } = await loadFlows(
    { cwd, inputs: readGivenInputs(flags, terminal) },
    (search) => findFlowFiles(paths, { ...search, secret: flags.secret }),
  );
  const { loads } = loaded;
  const beside = Object.values(around.flows);
  const flows = [...loaded.flows, ...beside];
  const fileCount = loaded.fileCount + beside.length;
  const found = [
    ...findInputTrouble(inputs, loaded, project?.companions),
    ...(project?.diagnostics ?? []),
    ...findUnknownFlowSettings(project, loaded, { paths, cwd }),
    ...loaded.diagnostics,
    ...flows.flatMap((flow) => resolveInputs(flow, inputs).diagnostics),
    ...(loads.length > 0 ? (await import('../arguments/scenario-flows.ts')).findLoadMistakes(loaded, options) : []),
  ];
  const diagnostics = withFindingRules(found, project?.findingRules);
  const counts = countDiagnostics(diagnostics, flags.strict);
  const masks = createMasks(flows, inputs, diagnostics);
  const exitCode = counts.errors > 0 ? EXIT.usage : EXIT.passed;
  if (flags.format !== 'text') {
    const findings = toFindings(diagnostics, { isStrict: flags.strict, mask: masks.mask });
    terminal.write(
      await formatReport(flags.format, { ...counts, findings, flowCount: flows.length, fileCount }, version),
    );
    return exitCode;
  }
  printFindings(diagnostics, masks, { flags, terminal });
  terminal.writeError(formatNotes(describeCalledOnly(loaded.calledOnly)));
  const what = `${flows.length} ${flows.length === 1 ? 'flow' : 'flows'} in ${fileCount} ${fileCount === 1 ? 'file' : 'files'}`;
  terminal.write(`${counts.errors > 0 ? '✗' : '✓'} ${what}: ${formatCounts(counts)}\n`);
  return exitCode;
}

async function formatReport(
  format: 'json' | 'github' | 'sarif',
  report: FindingsReport,
  version: string,
): Promise<string> {
  if (format === 'json') return formatJson(report);
  return format === 'github' ? formatGithub(report) : formatSarif(report, version);
}
