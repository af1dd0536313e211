import type { Explained } from './explained.ts';
import type { Span } from './source-file.ts';

/** A finding made before the run, or a run-time problem at a place in a file. */
export interface Diagnostic {
  readonly severity: 'error' | 'warning';
  /** Stable: `TM` and three digits. */
  readonly code: string;
  /** One sentence: lower case, no full stop, the thing in backticks, expected and got. */
  readonly message: string;
  /** Absent only for a problem of a whole file or of the command line. */
  readonly span?: Span | undefined;
  /** The file it is about when there is no span. */
  readonly path?: string | undefined;
  /** What to do next, a sentence each. */
  readonly help?: readonly string[] | undefined;
  /** Of a run-time problem: its kind, when it is not that a value cannot be rendered. */
  readonly kind?: string | undefined;
  /** Of a run-time problem: the values that made it. */
  readonly explained?: Explained | undefined;
}

/** Carries one diagnostic out of rendering or checking at run time. */
export class DiagnosticError extends Error {
  override readonly name = 'DiagnosticError';
  readonly diagnostic: Diagnostic;

  constructor(diagnostic: Diagnostic) {
    super(diagnostic.message);
    this.diagnostic = diagnostic;
  }
}
