import type { PlannedFlows } from '../arguments/planned-flows.ts';
import type { Terminal } from '../process/terminal.ts';
import { countDiagnostics, formatCounts } from './format-diagnostics.ts';
import { createMasks, type FindingMasks } from './mask-findings.ts';
import { printFindings } from './print-findings.ts';

/** Prints what is wrong; gives whether flows can run for all that, and what masks other texts about them. */
export function reportFindings(
  { diagnostics, flows, inputs }: Pick<PlannedFlows, 'diagnostics' | 'flows' | 'inputs'>,
  about: { flags: { strict: boolean; color: string; quiet: boolean }; terminal: Terminal },
): { readonly canRun: boolean; readonly mask: FindingMasks['mask'] } {
  const { flags, terminal } = about;
  const counts = countDiagnostics(diagnostics, flags.strict);
  const canRun = counts.errors === 0;
  const reported = flags.quiet && canRun ? [] : diagnostics;
  const masks = createMasks(flows, inputs, reported);
  printFindings(reported, masks, about);
  if (!canRun) terminal.writeError(`✗ nothing ran: ${formatCounts(counts)}\n`);
  return { canRun, mask: masks.mask };
}
