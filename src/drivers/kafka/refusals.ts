import { isClosed, readText, trimMessage } from './error-parts.ts';

/** Why a broker or this side would not go on, and a code for it. */
export interface BrokerRefusal {
  readonly code: string;
  readonly message: string;
  /** Whether a broker that is just coming up does the same. */
  readonly isTransient?: boolean;
}

/** TLS codes of this side and alerts of the other, each with what it means; `peer` stands for the broker. */
const TLS_MEANINGS: readonly (readonly [codes: RegExp, meaning: string])[] = [
  [/^ERR_TLS_CERT_ALTNAME_INVALID$/, 'the TLS certificate of peer is for another host'],
  [/^CERT_HAS_EXPIRED$/, 'the TLS certificate of peer has expired'],
  [/^CERT_NOT_YET_VALID$/, 'the TLS certificate of peer is not valid yet'],
  [/^UNABLE_TO_|SELF_SIGNED_CERT|^CERT_|_CERT$/, 'the TLS certificate of peer is not trusted'],
  [/_ALERT_.*(CERTIFICATE|UNKNOWN_CA)/, 'peer does not accept the client certificate, or got none'],
  [/^ERR_SSL_/, 'the TLS handshake with peer failed'],
  [/^ERR_OSSL_/, '`tls`: a certificate or key cannot be read'],
];

/** What a broker had against who one is; undefined when it is something else. */
export function explainRefusal(chain: readonly Error[], where: string): BrokerRefusal | undefined {
  const codes = chain.map((one) => readText(one, 'apiId'));
  if (codes.includes('UNSUPPORTED_SASL_MECHANISM')) {
    const offered = listMechanisms(chain);
    const those = offered.length > 0 ? `; it offers ${offered.map((name) => `\`${name}\``).join(', ')}` : '';
    const message = `${where} does not know this mechanism of \`sasl\`${those}`;
    return { code: 'UNSUPPORTED_SASL_MECHANISM', message };
  }
  if (codes.includes('ILLEGAL_SASL_STATE'))
    return { code: 'ILLEGAL_SASL_STATE', message: `${where} does not ask for credentials, and takes none` };
  const own = chain.find((one) => readText(one, 'code') === 'PLT_KFK_AUTHENTICATION');
  const isRefused = own !== undefined && !isClosed(chain);
  if (!isRefused && !codes.includes('SASL_AUTHENTICATION_FAILED')) return undefined;
  const said = chain.map((one) => readText(one, 'serverErrorMessage')).find((text) => text !== undefined);
  const detail = trimMessage(said ?? own?.message ?? 'it gives no reason').replace(/^Authentication failed: /, '');
  return { code: 'SASL_AUTHENTICATION_FAILED', message: `${where} did not accept the credentials: ${detail}` };
}

/** What went wrong with TLS; undefined when it is something else. */
export function explainTls(chain: readonly Error[], where: string): BrokerRefusal | undefined {
  if (chain.some((one) => /TLS handshake failed/.test(one.message)))
    return {
      code: 'TLS_HANDSHAKE_FAILED',
      message: `${where} ended the TLS handshake: it may not speak TLS`,
      isTransient: true,
    };
  for (const one of chain) {
    const code = readText(one, 'code') ?? '';
    const meaning = TLS_MEANINGS.find(([codes]) => codes.test(code))?.[1];
    if (!meaning) continue;
    // Versions of Node.js disagree on what stands before an alert's name.
    const plain = code.replace(/^ERR_SSL_.*_ALERT_/, 'TLS_ALERT_');
    return { code: plain, message: `${meaning.replace('peer', where)} (${plain})` };
  }
  return undefined;
}

/** The mechanisms in the broker's answer to one that it does not offer. */
function listMechanisms(chain: readonly Error[]): readonly string[] {
  for (const one of chain) {
    const response: unknown = Reflect.get(one, 'response');
    const found: unknown = typeof response === 'object' && response ? Reflect.get(response, 'mechanisms') : undefined;
    if (Array.isArray(found)) return found.filter((name) => typeof name === 'string');
  }
  return [];
}
