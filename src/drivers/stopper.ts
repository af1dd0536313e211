/** Ends work before its time: whoever runs hangs itself in `call`; `reason` is set when it is over. */
export interface Stopper {
  reason: unknown;
  call: ((reason: unknown) => void) | undefined;
}
