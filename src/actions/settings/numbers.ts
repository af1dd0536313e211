/** A length of time for a result: ms, to the microsecond. */
export function roundMs(ms: number): number {
  return Math.max(0, Math.round(ms * 1000) / 1000);
}
