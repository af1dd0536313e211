import { isIP } from 'node:net';
import { OutputMistake } from '../../metrics/samples.ts';

export interface ListenAddress {
  readonly host: string;
  readonly port: number;
}

const HOST = '127.0.0.1';
const PORT = 5665;

/** Reads `127.0.0.1:5665`, `:5665`, `5665`, `[::1]:5665` or nothing. @throws OutputMistake */
export function readListenAddress(text: string): ListenAddress {
  const [, inBrackets, plain, digits] = /^(?:(?:\[([^\]]*)\]|([^:[\]]*)):)?(\d+)?$/.exec(text) ?? ['', '', '', 'x'];
  const port = digits === undefined ? PORT : Number(digits);
  if (!(port <= 65_535))
    throw new OutputMistake(`--out web: \`${text}\` is no address to listen at: expected a host and a port`, [
      `for example --out web=${HOST}:${PORT}`,
    ]);
  return { host: inBrackets || plain || HOST, port };
}

/**
 * Whether a request is meant for this page. A name that somebody else has made to lead here is none of ours:
 * a page of theirs could read what this one shows.
 */
export function isOwnHost(header: string | undefined, host: string): boolean {
  const name = (header ?? '')
    .replace(/:\d+$/, '')
    .replace(/^\[(.*)\]$/, '$1')
    .toLowerCase();
  return isIP(name) !== 0 || name === 'localhost' || name === host.toLowerCase();
}
