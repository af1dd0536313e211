import { createServer, type Server } from 'node:http';
import type { Socket } from 'node:net';
import { readTls } from '../../settings/tls.ts';
import type { StartSettings } from '../stub-settings.ts';
import { makeSelfSigned } from './certificate.ts';

/** What a stub listens with. */
export interface Transport {
  readonly scheme: 'http' | 'https';
  readonly server: Server;
  /** PEM text of the authority to trust, where it is the stub's own. */
  readonly ca: string | undefined;
  /** The connection below a socket of the server. */
  connectionOf(socket: Socket): Socket;
}

const OPTIONS = { keepAliveTimeout: 60_000, requestTimeout: 0, headersTimeout: 60_000 };

/** Makes a server that does not listen yet. @throws ActionError when certificate and key cannot be used */
export async function createTransport(
  { tls }: Pick<StartSettings, 'tls'>,
  { directory, nowMs }: { directory: string; nowMs: number },
): Promise<Transport> {
  if (!tls) return { scheme: 'http', server: createServer(OPTIONS), ca: undefined, connectionOf: (socket) => socket };
  const own = 'self_signed' in tls ? makeSelfSigned(nowMs) : undefined;
  const { cert, key, passphrase } =
    'self_signed' in tls ? { ...own, passphrase: undefined } : await readTls(tls, directory);
  const https = await import('node:https');
  const server = https.createServer({ ...OPTIONS, cert, key, ...(passphrase !== undefined && { passphrase }) });
  // Only the connection itself can be reset, and Node does not give it for what is encrypted over it.
  const connections = new Map<number, Socket>();
  server.on('connection', (socket: Socket) => {
    const { remotePort = 0 } = socket;
    connections.set(remotePort, socket);
    socket.on('close', () => connections.delete(remotePort));
  });
  return {
    scheme: 'https',
    server,
    ca: own?.ca,
    connectionOf: (socket) => connections.get(socket.remotePort ?? 0) ?? socket,
  };
}
