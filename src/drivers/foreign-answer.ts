import type { Socket } from 'node:net';
import type { Failure } from './failure.ts';

const SHOWN_BYTES = 24;

/** What a server sent first is not what one of its kind sends. */
export class ForeignAnswer extends Error {
  override readonly name = 'ForeignAnswer';

  constructor(bytes?: Buffer) {
    const beginning =
      bytes &&
      JSON.stringify(
        bytes
          .subarray(0, SHOWN_BYTES)
          .toString('latin1')
          .replace(/[\r\n].*/s, ''),
      );
    super(
      beginning === undefined || !/^"[\x20-\x7e]+"$/.test(beginning) ? '' : `: its answer begins with ${beginning}`,
    );
  }
}

/** Ends a connection whose first bytes cannot be those of the protocol: its client would wait for more of them. */
export function refuseForeign(socket: Socket, mayBegin: (bytes: Buffer) => boolean): Socket {
  return socket.prependOnceListener('data', (bytes: Buffer) => {
    if (!mayBegin(bytes)) socket.destroy(new ForeignAnswer(bytes));
  });
}

/** Describes it; `server` is `a Postgres server`, `setting` holds the address. */
export function describeForeign(
  error: ForeignAnswer,
  { peer, server, setting }: { readonly peer: string; readonly server: string; readonly setting: string },
): Failure {
  return {
    kind: 'connection',
    message: `what answers at ${peer} is not ${server}${error.message}`,
    hints: [`check the host and port in \`${setting}\``],
  };
}
