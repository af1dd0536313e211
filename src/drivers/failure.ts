import type { Stage } from '../stop/stop-error.ts';
import { formatDuration } from '../util/duration.ts';
import { listCertificateNames } from './certificate-names.ts';
import { isLookedUp } from './look-up.ts';
import { TlsFileError } from './tls.ts';

/** Why a peer could not be worked with, in words for a flow's author. */
export interface Failure {
  readonly kind: 'connection' | 'timeout' | 'authoring' | 'budget' | 'sql' | 'redis' | 'http';
  /** ECONNREFUSED, an SQLSTATE, … */
  readonly code?: string | undefined;
  readonly message: string;
  readonly hints: readonly string[];
}

/** What to say of work whose time was over. */
export interface TimeoutWords {
  readonly peer: string;
  /** `a Postgres server`. */
  readonly server: string;
  /** What was asked of it and did not end, and where: `the query`, `localhost:5432/orders`. */
  readonly work: string;
  readonly where: string;
  /** What became of it: ` and was cancelled`. */
  readonly end?: string;
  /** Why it may take so long. */
  readonly hint: string;
}

/** Describes work whose time was over. */
export function describeTimeout(stage: Stage | undefined, timeoutMs: number, words: TimeoutWords): Failure {
  const { peer, server, work, where, end = '', hint } = words;
  const within = `within ${formatDuration(timeoutMs)}`;
  const about = { kind: 'timeout', code: 'ETIMEDOUT' } as const;
  if (stage?.at === 'connecting') return describeNoConnection(peer, within);
  if (stage?.at === 'greeting') {
    const message = `${peer} accepted the connection but did not answer ${within}`;
    return { ...about, message, hints: [`is it ${server}, and not overloaded?`] };
  }
  return { ...about, message: `${work} did not finish ${within} at ${where}${end}`, hints: [hint] };
}

/** Describes an attempt to connect whose time was over; `called` is the peer with what it is to the reader. */
export function describeNoConnection(peer: string, within: string, called = peer): Failure {
  const about = { kind: 'timeout', code: 'ETIMEDOUT' } as const;
  const host = hostOf(peer);
  if (isLookedUp(host))
    return { ...about, message: `no name server said ${within} where \`${host}\` is`, hints: [AT_NAMES] };
  const hints = ['check the address; a firewall may drop connection attempts'];
  return { ...about, message: `no connection to ${called} was made ${within}`, hints };
}

const AT_NAMES = 'check the network, a VPN, and the name servers of this machine';

/** The host of `host:port`, with what may follow. */
function hostOf(peer: string): string {
  return peer.replace(/:\d+(\/.*)?$/, '');
}

/** The code of a network error; of several attempts (one per address) that of a peer that answered, else the first that has one. */
export function findErrorCode(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null) return undefined;
  if (error instanceof AggregateError) {
    const codes = error.errors.map(findErrorCode);
    return codes.find((code) => code === 'ECONNREFUSED') ?? codes.find((code) => code !== undefined);
  }
  if ('code' in error && typeof error.code === 'string') return error.code;
  return 'cause' in error ? findErrorCode(error.cause) : undefined;
}

/**
 * Describes a failure to reach or keep a peer; undefined when the error is not one of the network or of TLS.
 * `setting` is the setting that holds the address.
 */
export function describeNetworkFailure(error: unknown, peer: string, setting: string): Failure | undefined {
  if (error instanceof TlsFileError) {
    const message = `a TLS file of \`${setting}\`: ${error.message}`;
    return { kind: 'authoring', message, hints: ['it is relative to the flow file'] };
  }
  const code = findErrorCode(error);
  const host = hostOf(peer);
  const about = { kind: 'connection', code } as const;
  switch (code) {
    case 'ECONNREFUSED':
      return {
        ...about,
        message: `nothing listens at ${peer} (connection refused)`,
        hints: [`start the service, or check the host and port in \`${setting}\``],
      };
    case 'EAI_AGAIN':
      return {
        ...about,
        message: `no name server says where \`${host}\` is (${code})`,
        hints: [AT_NAMES],
      };
    case 'ENOTFOUND':
      return {
        ...about,
        message: `the host \`${host}\` is not known (${code})`,
        hints: [`check the host name in \`${setting}\``],
      };
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
    case 'EADDRNOTAVAIL':
      return { ...about, message: `${peer} cannot be reached (${code})`, hints: ['check the network, or a VPN'] };
    case 'ETIMEDOUT':
      return {
        ...about,
        message: `${peer} does not answer connection attempts (${code})`,
        hints: ['a firewall may drop them'],
      };
    case 'ECONNRESET':
    case 'EPIPE':
      return { ...about, message: `${peer} closed the connection (${code})`, hints: ["check the service's log"] };
    default:
      return describeTlsFailure(error, code, peer);
  }
}

function describeNames(error: unknown): string {
  const names = listCertificateNames(error);
  return names === undefined ? '' : `: ${names}`;
}

const UNTRUSTED = new Set([
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
]);

function describeTlsFailure(error: unknown, code: string | undefined, peer: string): Failure | undefined {
  const text = error instanceof Error ? error.message : String(error);
  const about = { kind: 'connection', code } as const;
  if (code === undefined) return undefined;
  if (UNTRUSTED.has(code)) {
    return {
      ...about,
      message: `the TLS certificate of ${peer} is not trusted (${code})`,
      hints: ['give Node the authority that signed it: NODE_EXTRA_CA_CERTS=ca.pem'],
    };
  }
  if (code === 'CERT_HAS_EXPIRED')
    return { ...about, message: `the TLS certificate of ${peer} has expired`, hints: ['renew it'] };
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID')
    return {
      ...about,
      message: `the TLS certificate of ${peer} is for another host${describeNames(error)}`,
      hints: ['use the host name that the certificate is for'],
    };
  if (code === 'EPROTO' || code.startsWith('ERR_SSL_') || code.startsWith('ERR_TLS_')) {
    const isPlain = /wrong.version.number|packet length too long/i.test(text + code);
    return {
      ...about,
      message: isPlain ? `${peer} does not speak TLS` : `the TLS handshake with ${peer} failed (${code})`,
      hints: isPlain ? ['write `http://` instead of `https://`'] : [],
    };
  }
  return undefined;
}
