import type { Stage } from '../../stop/stop-error.ts';
import { describeNetworkFailure, describeTimeout, type Failure, findErrorCode } from '../failure.ts';
import { describeForeign, ForeignAnswer } from '../foreign-answer.ts';
import { namePeer } from '../peer.ts';
import { MYSQL_EXAMPLE, type MysqlAddress, nameMysqlDatabase } from './mysql-address.ts';

/** An error as a MySQL or MariaDB server reports it. */
export interface MysqlServerError {
  readonly message: string;
  /** The server's number of the error. */
  readonly errno: number;
  /** SQLSTATE; empty when it came before the handshake was over. */
  readonly sqlState: string;
  /** `ER_DUP_ENTRY`; undefined for numbers that the client does not know. */
  readonly code?: string | undefined;
}

/** Errors of getting in, by number. */
const ACCESS = new Set([1044, 1045, 1130, 1129, 1251, 1698, 1862, 2054, 3118, 3159, 4151]);
const TOO_MANY = new Set([1040, 1203, 1226]);
/** Errors with which the server ends the connection. */
const GONE = new Set([1053, 1152, 1927, 3169, 4031]);

/** Whether the server itself said it. */
export function isMysqlServerError(error: unknown): error is MysqlServerError {
  return typeof error === 'object' && error !== null && 'sqlState' in error && 'errno' in error;
}

/** Describes an error of connecting or of the connection; undefined for what the server says about the SQL itself. */
export function describeMysqlFailure(error: unknown, address: MysqlAddress): Failure | undefined {
  if (isMysqlServerError(error)) return describeRefusal(error, address);
  const peer = address.socket ?? namePeer(address);
  if (error instanceof ForeignAnswer)
    return describeForeign(error, { peer, server: 'a MySQL or MariaDB server', setting: 'connection' });
  const text = error instanceof Error ? error.message : String(error);
  const code = findErrorCode(error);
  const about = { kind: 'connection', code } as const;
  if (code === 'HANDSHAKE_NO_SSL_SUPPORT')
    return {
      ...about,
      message: `${peer} does not speak TLS`,
      hints: ['write `ssl-mode=DISABLED` or `ssl-mode=PREFERRED`'],
    };
  if (code === 'HANDSHAKE_SSL_ERROR') return describeTls(text, peer);
  if (code === 'PROTOCOL_CONNECTION_LOST')
    return {
      ...about,
      message: `${nameMysqlDatabase(address)} closed the connection before it answered`,
      hints: ["check the database's log; is it a MySQL or MariaDB server?"],
    };
  return (
    describeNetworkFailure(error, peer, 'connection') ?? {
      ...about,
      message: `the connection to ${nameMysqlDatabase(address)} failed: ${text}`,
      hints: [],
    }
  );
}

/** Describes work whose time was over. */
export function describeMysqlTimeout(stage: Stage | undefined, address: MysqlAddress, timeoutMs: number): Failure {
  return describeTimeout(stage, timeoutMs, {
    peer: address.socket ?? namePeer(address),
    server: 'a MySQL or MariaDB server',
    work: 'the query',
    where: nameMysqlDatabase(address),
    end: ' and was cancelled',
    hint: 'another transaction may hold a lock (see `SHOW FULL PROCESSLIST`), or raise `timeout`',
  });
}

/** The library keeps the text of a TLS error, and loses its code. */
function describeTls(text: string, peer: string): Failure {
  const about = { kind: 'connection', code: 'HANDSHAKE_SSL_ERROR' } as const;
  if (/self.signed|unable to (verify|get)/i.test(text))
    return {
      ...about,
      message: `the TLS certificate of ${peer} is not trusted: ${text}`,
      hints: ['name the authority that signed it: `ssl-ca=ca.pem`'],
    };
  if (/altnames|Host:/.test(text))
    return {
      ...about,
      message: `the TLS certificate of ${peer} is for another host: ${text}`,
      hints: ['use the host name that the certificate is for'],
    };
  return { ...about, message: `the TLS handshake with ${peer} failed: ${text}`, hints: [] };
}

function describeRefusal(error: MysqlServerError, address: MysqlAddress): Failure | undefined {
  const { errno, message } = error;
  const about = { kind: 'connection', code: error.sqlState || error.code || String(errno) } as const;
  const where = nameMysqlDatabase(address);
  if (errno === 1049)
    return {
      ...about,
      message: `${address.socket ?? namePeer(address)} has no database \`${address.database}\``,
      hints: ['check the name after the last `/` of `connection`'],
    };
  if (errno === 3159 || errno === 4151)
    return { ...about, message: `${where} wants TLS: ${message}`, hints: ['add `?ssl-mode=REQUIRED` to `connection`'] };
  if (ACCESS.has(errno))
    return {
      ...about,
      message: `${where} refused the user \`${address.user}\`: ${message}`,
      hints: [
        address.password === ''
          ? `\`connection\` has no password: write \`${MYSQL_EXAMPLE}\``
          : 'check the user and password in `connection`',
      ],
    };
  if (TOO_MANY.has(errno))
    return { ...about, message: `${where} has too many connections: ${message}`, hints: ['run fewer flows at once'] };
  if (GONE.has(errno))
    return { ...about, message: `${where} closed the connection: ${message}`, hints: ["check the database's log"] };
  return undefined;
}
