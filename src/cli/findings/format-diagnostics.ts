import { showInvisible } from '../../expr/index.ts';
import type { Diagnostic } from '../../model/diagnostic.ts';
import { renderDiagnostic } from '../../source/render/render-diagnostic.ts';
import { hideWorkflowCommands } from '../../util/workflow-commands.ts';
import { foldFindings } from './fold-findings.ts';

export interface DiagnosticCounts {
  readonly errors: number;
  readonly warnings: number;
}

/** Counts findings; `--strict` makes warnings errors. */
export function countDiagnostics(diagnostics: readonly Diagnostic[], isStrict: boolean): DiagnosticCounts {
  const errors = diagnostics.filter((diagnostic) => isStrict || diagnostic.severity === 'error').length;
  return { errors, warnings: diagnostics.length - errors };
}

/** Writes findings in full, an empty line between them; many that say the same are folded. */
export function formatDiagnostics(
  diagnostics: readonly Diagnostic[],
  options: Parameters<typeof renderDiagnostic>[1] & { isStrict: boolean },
): string {
  const judged = options.isStrict
    ? diagnostics.map((diagnostic) => ({ ...diagnostic, severity: 'error' as const }))
    : diagnostics;
  return foldFindings(judged)
    .map((diagnostic) => `${renderDiagnostic(diagnostic, options).trimEnd()}\n\n`)
    .join('');
}

/** `2 errors, 1 warning`. */
export function formatCounts({ errors, warnings }: DiagnosticCounts): string {
  return `${errors} ${errors === 1 ? 'error' : 'errors'}, ${warnings} ${warnings === 1 ? 'warning' : 'warnings'}`;
}

/** Writes notes, a line each. */
export function formatNotes(notes: readonly string[]): string {
  return notes.map((note) => `note: ${hideWorkflowCommands(showInvisible(note))}\n`).join('');
}
