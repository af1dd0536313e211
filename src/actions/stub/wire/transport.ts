import { createServer } from 'node:http';
import { readTls } from '../../settings/tls.ts';
import type { StartSettings } from '../stub-settings.ts';
import { makeSelfSigned } from './certificate.ts';
import { Listener } from './listener.ts';

/** What a stub listens with. */
export interface Transport {
  readonly scheme: 'http' | 'https';
  readonly listener: Listener;
  /** PEM text of the authority to trust, where it is the stub's own. */
  readonly ca: string | undefined;
}

const OPTIONS = { keepAliveTimeout: 60_000, requestTimeout: 0, headersTimeout: 60_000 };
/** What a client may choose in the TLS handshake; one that does not choose gets HTTP/1.1. */
const PROTOCOLS = ['h2', 'http/1.1'];

/** Makes a listener that does not listen yet. @throws ActionError when certificate and key cannot be used */
export async function createTransport(
  { tls }: Pick<StartSettings, 'tls'>,
  { directory, nowMs }: { directory: string; nowMs: number },
): Promise<Transport> {
  if (!tls) return { scheme: 'http', listener: new Listener(createServer(OPTIONS), 'connection'), ca: undefined };
  const own = 'self_signed' in tls ? makeSelfSigned(nowMs) : undefined;
  const { cert, key, passphrase } =
    'self_signed' in tls ? { ...own, passphrase: undefined } : await readTls(tls, directory);
  const https = await import('node:https');
  const options = { ...OPTIONS, ALPNProtocols: PROTOCOLS, cert, key, ...(passphrase !== undefined && { passphrase }) };
  return { scheme: 'https', listener: new Listener(https.createServer(options), 'secureConnection'), ca: own?.ca };
}
