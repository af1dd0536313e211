import type { Span } from '../source-file.ts';
import type { CompanionKind } from './companion.ts';

/** A use of a companion in a flow: its name, or the setting of an action that names it. */
export interface CompanionUse {
  readonly kind: CompanionKind;
  /** Undefined where only the run knows which: then it may be any of its kind. */
  readonly name: string | undefined;
  readonly span: Span;
  /** The variable whose value it stands in: not read when something else sets that. */
  readonly variable?: string | undefined;
  /** Whether it is asked while the step goes on, and need not be there before. */
  readonly isLate?: boolean | undefined;
}
