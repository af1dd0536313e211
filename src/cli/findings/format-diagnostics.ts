import { showInvisible } from '../../expr/index.ts';
import type { Diagnostic } from '../../model/diagnostic.ts';
import { renderDiagnostic } from '../../source/render/render-diagnostic.ts';
import { hideWorkflowCommands } from '../../util/workflow-commands.ts';

export interface DiagnosticCounts {
  readonly errors: number;
  readonly warnings: number;
}

/** Counts findings; `--strict` makes warnings errors. */
export function countDiagnostics(diagnostics: readonly Diagnostic[], isStrict: boolean): DiagnosticCounts {
  const errors = diagnostics.filter((diagnostic) => isStrict || diagnostic.severity === 'error').length;
  return { errors, warnings: diagnostics.length - errors };
}

/** Writes findings in full, an empty line between them. */
export function formatDiagnostics(
  diagnostics: readonly Diagnostic[],
  options: Parameters<typeof renderDiagnostic>[1] & { isStrict: boolean },
): string {
  return diagnostics
    .map((diagnostic) => (options.isStrict ? { ...diagnostic, severity: 'error' as const } : diagnostic))
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
