import type { AddressInfo, Server } from 'node:net';

/** Listens on a port of this machine, 0 for a free one; gives the port. @throws the network's error */
export function listenOn(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ port, host: '127.0.0.1' }, () => resolve((server.address() as AddressInfo).port));
  });
}
