import { connect } from 'node:net';
import { type Stopper, WorkStopped } from './stopper.ts';

/** Opens a TCP connection and closes it again. @throws the network's error, or WorkStopped */
export function touchTcp(host: string, port: number, stop: Stopper): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port });
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
