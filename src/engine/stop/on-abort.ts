const calls = new WeakMap<AbortSignal, Set<() => void>>();

/**
 * Calls back when a signal is aborted; gives the function that takes that back. However many listen, the signal has one
 * listener: each step of a run listens to the same few signals, and listeners of their own would cost it more than its assertions.
 * That listener stays, so not for a signal of `AbortSignal.any`, which Node keeps in memory as long as it has one.
 */
export function onAbort(signal: AbortSignal, call: () => void): () => void {
  const waiting = calls.get(signal) ?? followSignal(signal);
  waiting.add(call);
  return () => void waiting.delete(call);
}

function followSignal(signal: AbortSignal): Set<() => void> {
  const waiting = new Set<() => void>();
  calls.set(signal, waiting);
  signal.addEventListener('abort', () => callAll(waiting), { once: true });
  return waiting;
}

/** One that is taken back by another is not called. */
function callAll(waiting: Set<() => void>): void {
  for (const call of waiting) call();
  waiting.clear();
}
