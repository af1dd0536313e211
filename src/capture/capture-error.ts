export interface CaptureErrorDetails {
  /** `missing`: it found nothing, for which a default may stand; `condition`: an item could not be judged. */
  readonly kind?: 'missing' | 'condition';
  /** The part of the path that is meant, in UTF-16 units; without a length it is the whole. */
  readonly offset?: number;
  readonly length?: number;
  /** By what alone it found nothing: a misspelt key, a type, letter case or blanks. */
  readonly listSlips?: () => readonly string[];
}

/** A capture that found nothing, or could not decide: which part broke, and what is there instead. */
export class CaptureError extends Error {
  override readonly name = 'CaptureError';
  readonly hints: readonly string[];
  readonly kind: 'missing' | 'condition';
  readonly offset: number;
  readonly length: number;
  readonly listSlips: () => readonly string[];

  constructor(message: string, hints: readonly string[] = [], details: CaptureErrorDetails = {}) {
    super(message);
    this.hints = hints;
    this.kind = details.kind ?? 'missing';
    this.offset = details.offset ?? 0;
    this.length = details.length ?? 0;
    this.listSlips = details.listSlips ?? (() => []);
  }
}
