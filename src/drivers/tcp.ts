import { connect, Socket, type SocketConstructorOpts, type TcpSocketConnectOpts } from 'node:net';
import { platform } from 'node:os';
import type { Stop } from '../stop/stop.ts';
import { lookUp } from './look-up.ts';

const KEEP_ALIVE_MS = 60_000;

/** Begins a TCP connection to a host; of several addresses that it has, the one that answers counts. */
export function openTcp(host: string, port: number): Socket {
  return tuneTcp(connect({ host, port, lookup: lookUp }));
}

/** Takes what comes over a connection, a chunk at a time. */
export type Receive = (chunk: Buffer) => void;

/** Where what comes is read into; it is copied from there before anything else is read. */
const SHARED_BYTES = 65_536;
let shared: Buffer | undefined;
/** There the system has buffers of several connections at the same time. */
const CAN_SHARE = platform() !== 'win32';

/** The same, for a connection of which there are many: all of it that comes goes to `receive`, and not through a stream that makes 64 KB ready for each read. */
export function openLeanTcp(host: string, port: number): { readonly socket: Socket; listen(receive: Receive): void } {
  if (!CAN_SHARE) {
    const socket = openTcp(host, port);
    return { socket, listen: (receive) => void socket.on('data', receive) };
  }
  const early: Buffer[] = [];
  let take: Receive = (chunk) => void early.push(chunk);
  const onread = readShared((chunk) => take(chunk));
  const socket = tuneTcp(connect({ host, port, lookup: lookUp, onread }));
  return {
    socket,
    listen(receive) {
      take = receive;
      for (const chunk of early.splice(0)) receive(chunk);
    },
  };
}

/** Makes a socket for a client that listens to its `data`, which comes without 64 KB being made ready for each read; not one to be wrapped in TLS. */
export function createLeanSocket(): Socket {
  if (!CAN_SHARE) return new Socket();
  // Node hands the options of a new socket on, though its types name this one among those of a connection alone.
  const options: SocketConstructorOpts & Pick<TcpSocketConnectOpts, 'onread'> = {
    onread: readShared((chunk) => void socket.emit('data', chunk)),
  };
  const socket = new Socket(options);
  return socket;
}

function readShared(receive: Receive): NonNullable<TcpSocketConnectOpts['onread']> {
  shared ??= Buffer.allocUnsafeSlow(SHARED_BYTES);
  const callback = (length: number, buffer: Uint8Array): boolean => {
    receive(Buffer.from(buffer.subarray(0, length)));
    return true;
  };
  return { buffer: shared, callback };
}

/** Sends what is written at once, and has idle connections looked after. */
export function tuneTcp<T extends Socket>(socket: T): T {
  socket.setNoDelay(true);
  socket.setKeepAlive(true, KEEP_ALIVE_MS);
  return socket;
}

/** Opens a TCP connection and closes it again. @throws the network's error, or StopError */
export function touchTcp(host: string, port: number, stop: Stop): Promise<void> {
  return new Promise((resolve, reject) => {
    stop.throwIfEnded({ at: 'connecting' });
    const socket = openTcp(host, port);
    const end = (settle: () => void): void => {
      leave();
      socket.destroy();
      settle();
    };
    const leave = stop.onEnd((reason) => end(() => reject(reason.in({ at: 'connecting' }))));
    socket.once('connect', () => end(resolve));
    socket.once('error', (error) => end(() => reject(error)));
  });
}
