import { connect, type Socket } from 'node:net';
import { lookUp } from './look-up.ts';
import { type Stopper, WorkStopped } from './stopper.ts';

const KEEP_ALIVE_MS = 60_000;

/** Begins a TCP connection to a host; of several addresses that it has, the one that answers counts. */
export function openTcp(host: string, port: number): Socket {
  return tuneTcp(connect({ host, port, lookup: lookUp }));
}

/** Sends what is written at once, and has idle connections looked after. */
export function tuneTcp<T extends Socket>(socket: T): T {
  socket.setNoDelay(true);
  socket.setKeepAlive(true, KEEP_ALIVE_MS);
  return socket;
}

/** Opens a TCP connection and closes it again. @throws the network's error, or WorkStopped */
export function touchTcp(host: string, port: number, stop: Stopper): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = openTcp(host, port);
    const end = (settle: () => void): void => {
      stop.call = undefined;
      socket.destroy();
      settle();
    };
    stop.call = (reason) => end(() => reject(new WorkStopped(reason, 'connecting')));
    socket.once('connect', () => end(resolve));
    socket.once('error', (error) => end(() => reject(error)));
    if (stop.reason !== undefined) stop.call(stop.reason);
  });
}
