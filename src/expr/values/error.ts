/**
 * When a problem is found: while parsing, before evaluation, or during it; `budget` is an evaluation that costs too much, and
 * `outside` one that lacks what no value can give it: a file, a variable of the environment.
 */
export type ExprErrorKind = 'syntax' | 'check' | 'run' | 'budget' | 'outside';

/** Where a problem stands in the source, in UTF-16 units, and what could be done about it. */
export interface ExprErrorDetails {
  offset?: number | undefined;
  length?: number | undefined;
  hint?: string | undefined;
  /** An error that nobody foresaw: a bug of this library or of a function that was added to it. */
  cause?: unknown;
}

/** The only error that this library throws; `offset` and `length` count UTF-16 units of the source. */
export class ExprError extends Error {
  override readonly name = 'ExprError';
  readonly kind: ExprErrorKind;
  readonly offset: number;
  readonly length: number;
  readonly hint?: string;
  /** Whether the place is known; a helper that has no source throws without one and its caller adds it. */
  readonly isPlaced: boolean;

  constructor(kind: ExprErrorKind, message: string, details: ExprErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.kind = kind;
    this.isPlaced = details.offset !== undefined;
    this.offset = details.offset ?? 0;
    this.length = details.length ?? 0;
    if (details.hint !== undefined) this.hint = details.hint;
  }
}

/** Makes the error that a function throws for bad arguments; the place of the call is added by the caller. */
export function createRunError(message: string, hint?: string): ExprError {
  return new ExprError('run', message, { hint });
}

/** Makes the error of an evaluation that takes or makes more than it may: it says nothing of the values. */
export function createBudgetError(message: string, hint?: string): ExprError {
  return new ExprError('budget', message, { hint });
}

/** Makes the error of an evaluation that lacks what is read from outside of its values. */
export function createOutsideError(message: string, hint?: string): ExprError {
  return new ExprError('outside', message, { hint });
}

/** Whether an evaluation was ended because it costs too much, which is neither a false answer nor a missing value. */
export function isOverBudget(error: unknown): boolean {
  return error instanceof ExprError && error.kind === 'budget';
}

/** Gives an error thrown without a place the given one, and turns anything else into a run error at that place. */
export function placeError(error: unknown, offset: number, length: number): ExprError {
  if (error instanceof ExprError) {
    return error.isPlaced
      ? error
      : new ExprError(error.kind, error.message, { offset, length, hint: error.hint, cause: error.cause });
  }
  if (error instanceof RangeError && /call stack/i.test(error.message)) {
    return new ExprError('budget', 'the values are nested too deeply', { offset, length });
  }
  const message = error instanceof Error && error.message !== '' ? error.message : 'the evaluation failed';
  return new ExprError('run', message, { offset, length, cause: error });
}
