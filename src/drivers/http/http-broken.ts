import { countOf } from '../../util/count.ts';

/** An answer of HTTP that did not come about: `closed` before it began, `cut off` (the message says where), one that breaks the rules, or one that is too large. */
export class HttpBroken extends Error {
  override readonly name = 'HttpBroken';
  readonly code: 'ECONNRESET' | 'HTTP_BROKEN' | 'HTTP_BODY_TOO_LARGE' | 'HTTP_HEADERS_TOO_LARGE';
  readonly kind: 'closed' | 'cut off' | 'not http' | 'body too large' | 'headers too large';

  constructor(kind: HttpBroken['kind'], message: string = kind, cause?: unknown) {
    super(message, { cause });
    this.kind = kind;
    this.code = CODES[kind];
  }
}

const CODES = {
  closed: 'ECONNRESET',
  'cut off': 'ECONNRESET',
  'not http': 'HTTP_BROKEN',
  'body too large': 'HTTP_BODY_TOO_LARGE',
  'headers too large': 'HTTP_HEADERS_TOO_LARGE',
} as const;

/** How much of an answer's body came before it ended. */
export interface CutBody {
  readonly status: number;
  readonly bytes: number;
  /** As its headers say it. */
  readonly length?: number | undefined;
  /** What should have come last, where no length says how much. */
  readonly lacks: string;
}

/** An answer that ended within its body: `after 3 of 10 bytes (status 200, content-length: 10)`. */
export function createCutOff({ status, bytes, length, lacks }: CutBody, cause?: unknown): HttpBroken {
  const where =
    length === undefined
      ? `after ${countOf(bytes, 'byte')}, without ${lacks} (status ${status})`
      : `after ${bytes} of ${countOf(length, 'byte')} (status ${status}, content-length: ${length})`;
  return new HttpBroken('cut off', where, cause);
}

/** A request that HTTP has no way to send; the message says why. */
export class HttpUnsendable extends Error {
  override readonly name = 'HttpUnsendable';
}
