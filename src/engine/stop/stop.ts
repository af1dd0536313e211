/** Why something was ended before it was done. */
export type StopKind = 'timeout' | 'flow_timeout' | 'teardown_timeout' | 'interrupted' | 'stopped';

/** The reason of every abort that the engine makes. */
export class StopError extends Error {
  override readonly name = 'StopError';
  readonly kind: StopKind;
  /** How long what is aborted may take to end and tell what it knows. */
  readonly graceMs: number;

  constructor(kind: StopKind, message: string, graceMs = 1000) {
    super(message);
    this.kind = kind;
    this.graceMs = graceMs;
  }
}

/** The reason of an abort as a StopError; that of an abort made by a control keeps its message. */
export function toStopError(reason: unknown): StopError {
  if (reason instanceof StopError) return reason;
  return new StopError(
    'stopped',
    `stopped by its control: ${reason instanceof Error ? reason.message : String(reason)}`,
  );
}
