/** Ends work before its time: whoever runs hangs itself in `call`; `reason` is set when it is over. */
export interface Stopper {
  reason: unknown;
  call: ((reason: unknown) => void) | undefined;
}

/** How far work on a connection had come when it was stopped. */
export type Stage = 'connecting' | 'greeting' | 'running';

/** Work was stopped by its Stopper. */
export class WorkStopped extends Error {
  override readonly name = 'WorkStopped';
  readonly reason: unknown;
  readonly stage: Stage;

  constructor(reason: unknown, stage: Stage) {
    super('the work was stopped');
    this.reason = reason;
    this.stage = stage;
  }
}
