import { type LookupAddress, lookup } from 'node:dns';
import type { LookupFunction } from 'node:net';

const LOCAL_NAME = /^(?:.+\.)?localhost\.?$/i;
const LOOPBACK: readonly LookupAddress[] = [
  { address: '::1', family: 6 },
  { address: '127.0.0.1', family: 4 },
];

/** Hosts whose addresses are being looked up, with how often. */
const pending = new Map<string, number>();

/** Whether the addresses of a host are not known yet, though asked for. */
export function isLookedUp(host: string): boolean {
  return pending.has(host.toLowerCase());
}

/**
 * Finds the addresses of a host. `localhost` and what ends with `.localhost` is this machine, by both of its addresses, whatever
 * its hosts file says: so curl and browsers read it.
 */
export const lookUp: LookupFunction = (hostname, options, callback) => {
  if (!LOCAL_NAME.test(hostname)) {
    const end = begin(hostname.toLowerCase());
    lookup(hostname, options, (error, address, foundFamily) => {
      end();
      callback(error, address as string, foundFamily);
    });
    return;
  }
  const { family, all: wantsAll } = options;
  const addresses = LOOPBACK.filter((one) => (family !== 4 && family !== 6 ? true : one.family === family));
  queueMicrotask(() => {
    if (wantsAll) callback(null, [...addresses]);
    else callback(null, addresses[0]?.address ?? '127.0.0.1', addresses[0]?.family ?? 4);
  });
};

function begin(host: string): () => void {
  pending.set(host, (pending.get(host) ?? 0) + 1);
  return () => {
    const left = (pending.get(host) ?? 1) - 1;
    if (left > 0) pending.set(host, left);
    else pending.delete(host);
  };
}
