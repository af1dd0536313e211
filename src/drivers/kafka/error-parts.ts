import { recognizeServer } from '../foreign-answer.ts';

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

const SHOWN_BYTES = 24;
/** What the client says of an answer to a question that nobody asked. */
const UNASKED = 'PLT_KFK_UNEXPECTED_CORRELATION_ID';

/** What came is no answer of a broker. */
export class ForeignAnswerError extends Error {
  readonly code = 'FOREIGN_ANSWER';
  readonly raw: Buffer;

  constructor(raw: Buffer) {
    super('Received something that is not an answer');
    this.raw = raw;
  }
}

/** How an answer begins that is not one of a broker: as text, or its bytes in hex; undefined when there is none. */
export function describeForeign(chain: readonly Error[]): string | undefined {
  const foreign = chain.find((one) => [UNASKED, 'FOREIGN_ANSWER'].includes(readText(one, 'code') ?? ''));
  if (!foreign) return undefined;
  const raw: unknown = Reflect.get(foreign, 'raw');
  const begin = Buffer.isBuffer(raw) ? raw.subarray(0, SHOWN_BYTES) : Buffer.alloc(0);
  const text = begin.toString('latin1').trim();
  const server = Buffer.isBuffer(raw) ? recognizeServer(raw) : undefined;
  const what = server === undefined ? '' : `, as ${server} does`;
  return `${/^[ -~\r\n\t]+$/.test(text) ? JSON.stringify(text) : `the bytes ${begin.toString('hex')}`}${what}`;
}
