import { connect, type Socket } from 'node:net';
import type { Stop } from '../stop/stop.ts';
import { lookUp } from './look-up.ts';

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
