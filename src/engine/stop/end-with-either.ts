import { onAbort } from './on-abort.ts';

/** Does work that ends with either of two signals. Not with `AbortSignal.any`: one that was ever listened to stays in memory until it is aborted. */
export async function endWithEither<T>(
  signal: AbortSignal,
  own: AbortSignal | undefined,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  if (!own || signal.aborted) return work(signal);
  if (own.aborted) return work(own);
  const either = new AbortController();
  const leaves = [signal, own].map((one) => onAbort(one, () => either.abort(one.reason)));
  try {
    return await work(either.signal);
  } finally {
    for (const leave of leaves) leave();
  }
}
