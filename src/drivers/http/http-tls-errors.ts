import { listCertificateNames } from '../certificate-names.ts';
import { type Failure, findErrorCode } from '../failure.ts';

/** Which settings for TLS were given. */
export interface TlsGiven {
  readonly ca?: unknown;
  readonly cert?: unknown;
}

const ANY_WILL_DO = '`tls: {insecure: true}` takes any certificate';

const UNTRUSTED = new Set([
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'CERT_SIGNATURE_FAILURE',
  'INVALID_CA',
]);

/** Alerts with which a server turns a client's certificate down. */
const REFUSES_CLIENT =
  /ALERT_(UNKNOWN_CA|BAD_CERTIFICATE|CERTIFICATE_(EXPIRED|REVOKED|UNKNOWN)|UNSUPPORTED_CERTIFICATE|ACCESS_DENIED|DECRYPT_ERROR)|ALERT_NUMBER_(42|43|44|45|46|48)\b/i;

/** Describes what went wrong between TLS and a server; undefined when the error is about something else. */
export function describeHttpTlsFailure(error: unknown, peer: string, given: TlsGiven): Failure | undefined {
  const code = findErrorCode(error);
  if (code === undefined) return undefined;
  const about = { kind: 'connection', code } as const;
  const certificate = `the TLS certificate of ${peer}`;
  if (code === 'DEPTH_ZERO_SELF_SIGNED_CERT') {
    const message = `${certificate} is self-signed (${code})`;
    return { ...about, message, hints: ['trust it: `tls: {ca: that-certificate.pem}`', ANY_WILL_DO] };
  }
  if (UNTRUSTED.has(code)) return { ...about, ...describeUntrusted(certificate, code, given) };
  if (code === 'CERT_HAS_EXPIRED')
    return { ...about, message: `${certificate} has expired`, hints: ['renew it', ANY_WILL_DO] };
  if (code === 'CERT_NOT_YET_VALID') {
    return { ...about, message: `${certificate} is not valid yet`, hints: ["check this machine's clock", ANY_WILL_DO] };
  }
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID') return { ...about, ...describeOtherHost(certificate, error) };
  return describeAlert(error, code, { peer, given });
}

function describeUntrusted(certificate: string, code: string, { ca }: TlsGiven): Pick<Failure, 'message' | 'hints'> {
  if (ca !== undefined) {
    return {
      message: `${certificate} is not signed by the authority of \`tls.ca\` (${code})`,
      hints: ['`tls.ca` takes the place of the authorities that Node knows: name the one that signed it', ANY_WILL_DO],
    };
  }
  return {
    message: `${certificate} is not trusted (${code})`,
    hints: [
      'name the authority that signed it: `tls: {ca: ca.pem}`, or NODE_EXTRA_CA_CERTS=ca.pem for all steps',
      ANY_WILL_DO,
    ],
  };
}

function describeOtherHost(certificate: string, error: unknown): Pick<Failure, 'message' | 'hints'> {
  const names = listCertificateNames(error);
  return {
    message: `${certificate} is for another host${names === undefined ? '' : `: ${names}`}`,
    hints: [
      'use the host name that the certificate is for, or say which one is meant: `tls: {servername: name}`',
      ANY_WILL_DO,
    ],
  };
}

function describeAlert(
  error: unknown,
  code: string,
  { peer, given }: { readonly peer: string; readonly given: TlsGiven },
): Failure | undefined {
  const text = `${code} ${error instanceof Error ? error.message.replaceAll(' ', '_') : ''}`;
  const about = { kind: 'connection', code } as const;
  const own = ['name one, with its key: `tls: {cert: client.pem, key: client.key}`'];
  if (/CERTIFICATE_REQUIRED|ALERT_NUMBER_116\b/i.test(text))
    return { ...about, message: `${peer} wants a certificate from its clients`, hints: own };
  if (REFUSES_CLIENT.test(text) && given.cert !== undefined) {
    return {
      ...about,
      message: `${peer} did not accept the certificate of \`tls.cert\` (${code})`,
      hints: ['use one that has not expired, signed by an authority that the server trusts'],
    };
  }
  if (!/ALERT_HANDSHAKE_FAILURE|ALERT_NUMBER_40\b/i.test(text)) return undefined;
  const hints = given.cert === undefined ? [`it may want a certificate from its clients: ${own[0]}`] : [];
  return { ...about, message: `${peer} broke off the TLS handshake (${code})`, hints };
}
