/** An answer of HTTP that did not come about: `closed` before it was whole, one that breaks the rules, or one that is too large. */
export class HttpBroken extends Error {
  override readonly name = 'HttpBroken';
  readonly code: 'ECONNRESET' | 'HTTP_BROKEN' | 'HTTP_BODY_TOO_LARGE' | 'HTTP_HEADERS_TOO_LARGE';
  readonly kind: 'closed' | 'not http' | 'body too large' | 'headers too large';

  constructor(kind: HttpBroken['kind'], message: string = kind, cause?: unknown) {
    super(message, { cause });
    this.kind = kind;
    this.code = CODES[kind];
  }
}

const CODES = {
  closed: 'ECONNRESET',
  'not http': 'HTTP_BROKEN',
  'body too large': 'HTTP_BODY_TOO_LARGE',
  'headers too large': 'HTTP_HEADERS_TOO_LARGE',
} as const;

/** A request that HTTP has no way to send; the message says why. */
export class HttpUnsendable extends Error {
  override readonly name = 'HttpUnsendable';
}
