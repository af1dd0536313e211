import { BlockList, isIP } from 'node:net';
import { isLoopbackHost } from '../../util/loopback.ts';
import type { WireUrl } from './wire-url.ts';

/** Hosts that were asked for, with what they are: each request asks. */
const loopbacks = new Map<string, boolean>();
const MOST_HOSTS = 256;

/** Whether an address is of this machine: no proxy leads there. */
export function isLoopback(url: WireUrl): boolean {
  let is = loopbacks.get(url.hostname);
  if (is === undefined) {
    is = isLoopbackHost(readHost(url));
    if (loopbacks.size >= MOST_HOSTS) loopbacks.clear();
    loopbacks.set(url.hostname, is);
  }
  return is;
}

/**
 * Whether `NO_PROXY` names an address, as curl and Go read it: names with everything below them (`example.com`, `.example.com`,
 * `*.example.com`), addresses and ranges (`10.0.0.0/8`), each with a port or without; `*` is everything.
 */
export function isExcepted(url: WireUrl, list: string): boolean {
  const host = readHost(url);
  const port = url.port || (url.protocol === 'https:' ? '443' : '80');
  return list
    .toLowerCase()
    .replaceAll(/["']/g, '')
    .split(/[\s,]+/)
    .some((entry) => entry !== '' && matches(entry, host, port));
}

function matches(entry: string, host: string, port: string): boolean {
  if (entry === '*') return true;
  const range = /^([^/]+)\/(\d{1,3})$/.exec(entry);
  if (range?.[1] && range[2]) return isWithin(host, range[1], Number(range[2]));
  const [, bracketed, bare, entryPort] = /^(?:\[([^\]]+)\]|([^:]*|.*:.*:.*?))(?::(\d+))?$/.exec(entry) ?? [];
  if (entryPort !== undefined && entryPort !== port) return false;
  const name = (bracketed ?? bare ?? '').replace(/^\*?\./, '').replace(/\.$/, '');
  return name !== '' && (host === name || (isIP(host) === 0 && host.endsWith(`.${name}`)));
}

function isWithin(host: string, base: string, bits: number): boolean {
  const kind = isIP(base);
  if (kind === 0 || kind !== isIP(host) || bits > (kind === 4 ? 32 : 128)) return false;
  const type = kind === 4 ? 'ipv4' : 'ipv6';
  const range = new BlockList();
  range.addSubnet(base, bits, type);
  return range.check(host, type);
}

function readHost(url: WireUrl): string {
  return url.hostname
    .replace(/^\[(.*)\]$/, '$1')
    .replace(/\.$/, '')
    .toLowerCase();
}
