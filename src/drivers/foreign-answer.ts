import type { Socket } from 'node:net';
import type { Failure } from './failure.ts';

const SHOWN_BYTES = 24;

/** What a server sent first is not what one of its kind sends. */
export class ForeignAnswer extends Error {
  override readonly name = 'ForeignAnswer';
  /** What kind of server sends such bytes; undefined when several may. */
  readonly server: string | undefined;

  constructor(bytes?: Buffer) {
    const text = bytes?.toString('latin1', 0, SHOWN_BYTES).replace(/[\r\n].*/s, '') ?? '';
    // The first letter alone, which a client may have kept, says nothing.
    super(/^[\x20-\x7e]{2,}$/.test(text) ? `: its answer begins with ${JSON.stringify(text)}` : '');
    this.server = bytes && recognizeServer(bytes);
  }
}

/** How answers begin; `.` is any byte. */
const BEGINNINGS: readonly (readonly [RegExp, string])[] = [
  [/^(?:HTTP\/\d|H$)/, 'an HTTP server'],
  [/^SSH-/, 'an SSH server'],
  [/^(?:\+(?:OK|PONG)|-(?:ERR|NOAUTH|NOPERM|DENIED|LOADING))\b/, 'a Redis server'],
  [/^220[ -]/, 'a mail or FTP server'],
  // To the question whether it speaks TLS, or an error.
  [/^(?:[NS]$|E.{4}S[A-Z])/s, 'a Postgres server'],
];

/** What kind of server begins so. */
export function recognizeServer(bytes: Buffer): string | undefined {
  const text = bytes.toString('latin1', 0, SHOWN_BYTES);
  const known = BEGINNINGS.find(([pattern]) => pattern.test(text))?.[1];
  if (known !== undefined) return known;
  const [first, second, , fourth, fifth = 0] = bytes;
  // A packet of number 0: the greeting of version 10, or an error.
  if (fourth === 0 && (fifth === 0xff || (fifth === 10 && /^.{5}\d/s.test(text)))) return 'a MySQL or MariaDB server';
  return first === ALERT && second === 3 ? 'a server that wants TLS' : undefined;
}

/** Ends a connection whose first bytes cannot be those of the protocol: its client would wait for more of them. */
export function refuseForeign(socket: Socket, mayBegin: (bytes: Buffer) => boolean): Socket {
  return socket.prependOnceListener('data', (bytes: Buffer) => {
    if (!mayBegin(bytes)) socket.destroy(new ForeignAnswer(bytes));
  });
}

/** The kind of a TLS record that says what is wrong. */
const ALERT = 0x15;
/** `SSLRequest` of Postgres, which servers of other kinds answer as what it is not. */
const QUESTION = Buffer.from([0, 0, 0, 8, 0x04, 0xd2, 0x16, 0x2f]);
const LINE_END = '\r\n\r\n';
const PATIENCE_MS = 1000;
const ANSWER_MS = 400;

/** Ends a connection to a server that has to speak first and does not, when it turns out over another connection that it is of another kind. */
export function refuseSilent(socket: Socket, open: () => Socket): Socket {
  const hear = (bytes: Buffer): void => {
    if (recognizeServer(bytes) !== undefined && !socket.destroyed && socket.bytesRead === 0)
      socket.destroy(new ForeignAnswer(bytes));
  };
  const askOther = (): void => {
    if (!socket.connecting && socket.bytesRead === 0) ask(open(), hear);
    socket.setTimeout(0);
  };
  socket.setTimeout(PATIENCE_MS).once('timeout', askOther);
  return socket.prependOnceListener('data', () => void socket.setTimeout(0).off('timeout', askOther));
}

/** Asks what answers; hears the first bytes, if any come soon. */
function ask(socket: Socket, hear: (bytes: Buffer) => void): void {
  // What reads lines waits for the end of one.
  const endLine = (): void => {
    socket.once('timeout', () => socket.destroy()).write(LINE_END);
  };
  socket.setTimeout(ANSWER_MS);
  socket
    .on('error', () => undefined)
    .once('timeout', endLine)
    .once('data', (bytes: Buffer) => {
      hear(bytes);
      socket.destroy();
    })
    .write(QUESTION);
}

/** Describes it; `server` is `a Postgres server`, `setting` holds the address. */
export function describeForeign(
  error: ForeignAnswer,
  { peer, server, setting }: { readonly peer: string; readonly server: string; readonly setting: string },
): Failure {
  return {
    kind: 'connection',
    message: `what answers at ${peer} is not ${server}${error.message}`,
    hints: [hintAtServer(error.server, setting)],
  };
}

/** What to do where another kind of server answers. */
function hintAtServer(server: string | undefined, setting: string): string {
  const check = `check the host and port in \`${setting}\``;
  if (server === undefined) return check;
  const scheme = setting === 'connection' ? SCHEMES[server] : undefined;
  return `${server} answers there: ${scheme === undefined ? check : `write \`${scheme}://\`, or ${check}`}`;
}

const SCHEMES: Readonly<Record<string, string>> = {
  'a MySQL or MariaDB server': 'mysql',
  'a Postgres server': 'postgres',
};
