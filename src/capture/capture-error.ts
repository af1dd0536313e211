/** A capture that found nothing: which part broke, and what is there instead. */
export class CaptureError extends Error {
  override readonly name = 'CaptureError';
  readonly hints: readonly string[];

  constructor(message: string, hints: readonly string[] = []) {
    super(message);
    this.hints = hints;
  }
}
