import { isIP } from 'node:net';
import {
  type AddressMistake,
  listIgnored,
  readFirst,
  readTlsFileNames,
  readUrl,
  type SqlAddress,
} from '../database-url.ts';
import { namePeer } from '../peer.ts';
import type { TlsMode } from '../tls.ts';

/** Where a MySQL or MariaDB server is and how to get in, read from its URL. */
export interface MysqlAddress extends SqlAddress {
  /** The path of a Unix socket, instead of host and port. */
  readonly socket: string | undefined;
}

export const MYSQL_EXAMPLE = 'mysql://user:password@host:port/database';

/** The modes of the servers' own clients, and those of Postgres. */
const TLS_MODES: ReadonlyMap<string, TlsMode> = new Map<string, TlsMode>([
  ['disabled', 'disable'],
  ['disable', 'disable'],
  ['false', 'disable'],
  ['preferred', 'prefer'],
  ['prefer', 'prefer'],
  ['required', 'require'],
  ['require', 'require'],
  ['verify_ca', 'verify-ca'],
  ['verify-ca', 'verify-ca'],
  ['verify_identity', 'verify-full'],
  ['verify-full', 'verify-full'],
  ['true', 'verify-full'],
]);
const MODE_NAMES = ['ssl-mode', 'sslmode', 'ssl'];
const FILE_NAMES = { ca: ['ssl-ca', 'sslrootcert'], cert: ['ssl-cert', 'sslcert'], key: ['ssl-key', 'sslkey'] };
const KNOWN = new Set([...MODE_NAMES, ...Object.values(FILE_NAMES).flat(), 'socket', 'connect_timeout']);

/** Reads `mysql://user:password@host:port/database?ssl-mode=…`. */
export function readMysqlAddress(text: string): { readonly address: MysqlAddress } | AddressMistake {
  const url = readUrl(text, MYSQL_EXAMPLE);
  if ('mistake' in url) return url;
  const { query, host } = url;
  const mode = readFirst(query, MODE_NAMES) ?? 'disabled';
  const tls = TLS_MODES.get(mode.toLowerCase());
  if (!tls) {
    const help = 'it is one of `DISABLED`, `PREFERRED`, `REQUIRED`, `VERIFY_CA`, `VERIFY_IDENTITY`';
    return { mistake: `\`connection\`: \`ssl-mode=${mode}\` is not known`, help: [help] };
  }
  if (tls === 'verify-full' && isIP(host) !== 0) {
    return {
      mistake: `\`connection\`: \`ssl-mode=${mode}\` compares the certificate with a host name, got the address \`${host}\``,
      help: ['write the host name that the certificate is for, or `ssl-mode=VERIFY_CA`'],
    };
  }
  return {
    address: {
      host,
      port: Number(url.port || 3306),
      socket: readFirst(query, ['socket']),
      database: url.path,
      user: url.user,
      password: url.password,
      tls,
      tlsFiles: readTlsFileNames(query, FILE_NAMES),
      ignored: listIgnored(query, KNOWN),
    },
  };
}

/** `localhost:3306/orders`: what messages show. */
export function nameMysqlDatabase({ host, port, socket, database }: MysqlAddress): string {
  return `${socket ?? namePeer({ host, port })}${database === '' ? '' : `/${database}`}`;
}
