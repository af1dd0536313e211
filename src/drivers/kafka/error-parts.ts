/** An error with all that lie inside it, from the outside in. */
export function* walkErrors(error: unknown, depth = 0): Generator<Error> {
  if (!(error instanceof Error) || depth > 8) return;
  yield error;
  if (error instanceof AggregateError) for (const inner of error.errors) yield* walkErrors(inner, depth + 1);
  yield* walkErrors(error.cause, depth + 1);
}

/** A text that an error carries under a name; undefined when there is none. */
export function readText(error: Error, key: string): string | undefined {
  const value: unknown = Reflect.get(error, key);
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** Whether the connection was ended without a word why, in the middle of whatever went on. */
export function isClosed(chain: readonly Error[]): boolean {
  return chain.some((one) => /^Connection (pool is )?closed/.test(one.message));
}

/** A sentence as a part of another one. */
export function trimMessage(message: string): string {
  return message.trim().replace(/\.$/, '');
}

/** Whether it went wrong in reading what was answered, and not on the way. */
export function isUnreadable(chain: readonly Error[]): boolean {
  return chain.some(
    (one) => /^(RangeError|TypeError|RuntimeError)$/.test(one.name) || /^Z_/.test(readText(one, 'code') ?? ''),
  );
}
