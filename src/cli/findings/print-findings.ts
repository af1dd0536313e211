import type { Diagnostic } from '../../model/diagnostic.ts';
import { isColorWanted, type Terminal } from '../process/terminal.ts';
import { formatDiagnostics } from './format-diagnostics.ts';
import type { FindingMasks } from './mask-findings.ts';

/** Prints findings in full, masked, to standard error, as the flags and the terminal want them. */
export function printFindings(
  diagnostics: readonly Diagnostic[],
  { mask, maskLine }: FindingMasks,
  { flags, terminal }: { flags: { readonly strict: boolean; readonly color: string }; terminal: Terminal },
): void {
  const color = isColorWanted(flags.color, terminal);
  const columns = terminal.isTty ? terminal.columns : undefined;
  terminal.writeError(mask(formatDiagnostics(diagnostics, { isStrict: flags.strict, color, columns, hide: maskLine })));
}
