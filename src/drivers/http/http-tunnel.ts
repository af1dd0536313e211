import type { Socket } from 'node:net';

const MAX_HEAD_BYTES = 16_384;

/** A proxy could not be reached, or did not open the way that it was asked for. */
export class ProxyFailure extends Error {
  override readonly name = 'ProxyFailure';
  /** What the proxy answered instead. */
  readonly status: number | undefined;

  constructor(message: string, { status, cause }: { readonly status?: number; readonly cause?: unknown } = {}) {
    super(message, { cause });
    this.status = status;
  }
}

/** Asks a proxy for a connection to `target` (`host:port`); calls back once, without a failure when the socket leads there. */
export function askForTunnel(
  socket: Socket,
  { target, authorization }: { readonly target: string; readonly authorization: string | undefined },
  callback: (failure?: ProxyFailure) => void,
): void {
  let bytes: Buffer = Buffer.alloc(0);
  const read = (chunk: Buffer) => {
    bytes = Buffer.concat([bytes, chunk]);
    const end = bytes.indexOf('\r\n\r\n');
    const isHttp = 'HTTP/1.'.startsWith(bytes.toString('latin1', 0, 7));
    if (end === -1 && isHttp && bytes.length < MAX_HEAD_BYTES) return;
    socket.off('data', read);
    socket.pause();
    const rest = bytes.subarray(end + 4);
    if (end !== -1 && rest.length > 0) socket.unshift(rest);
    callback(readFailure(end === -1 ? '' : bytes.toString('latin1', 0, end)));
  };
  socket.on('data', read);
  const head = [`CONNECT ${target} HTTP/1.1`, `Host: ${target}`, 'User-Agent: testmesh'];
  if (authorization !== undefined) head.push(`Proxy-Authorization: ${authorization}`);
  socket.write(`${head.join('\r\n')}\r\n\r\n`);
}

function readFailure(head: string): ProxyFailure | undefined {
  const [, code, reason = ''] = /^HTTP\/1\.[01] (\d{3})(?: ([^\r\n]*))?/.exec(head) ?? [];
  const status = Number(code);
  if (code === undefined) return new ProxyFailure('it answered with something that is not HTTP');
  if (status >= 200 && status <= 299) return undefined;
  return new ProxyFailure(`it answered ${`${status} ${reason}`.trim()}`, { status });
}
