import { readHttpUrl } from './url.ts';

/** Where a request goes: what is asked of a URL. */
export type WireUrl = Pick<URL, 'href' | 'origin' | 'protocol' | 'hostname' | 'port' | 'pathname' | 'search'>;

type Origin = Pick<WireUrl, 'origin' | 'protocol' | 'hostname' | 'port'>;

/** Beginnings of addresses that were read, up to the path; undefined where more than scheme, host and port stands in one. */
const known = new Map<string, Origin | undefined>();
const MOST_KNOWN = 256;
/** Behind the scheme. */
const HOST_AT = 'https://'.length;
/** A path and a query that stand in a URL as they are written. */
const PLAIN = /^\/[\w\-.~!$&()*+,;=:/%]*(?:\?[\w\-.~!$&()*+,;=:/%?]+)?$/;
/** A part of a path that leads elsewhere. */
const MOVES = /\/\.|%2e/i;

/** Reads an address of a known origin with nothing odd in it; undefined for any other. Under a load each request has its own, of a few origins. */
export function readPlainUrl(text: string): WireUrl | undefined {
  const pathAt = text.indexOf('/', HOST_AT);
  if (pathAt === -1) return undefined;
  const at = findOrigin(text.slice(0, pathAt));
  if (!at) return undefined;
  const rest = text.slice(pathAt);
  if (!PLAIN.test(rest) || MOVES.test(rest)) return undefined;
  const queryAt = rest.indexOf('?');
  const { origin, protocol, hostname, port } = at;
  return {
    href: origin + rest,
    origin,
    protocol,
    hostname,
    port,
    pathname: queryAt === -1 ? rest : rest.slice(0, queryAt),
    search: queryAt === -1 ? '' : rest.slice(queryAt),
  };
}

function findOrigin(beginning: string): Origin | undefined {
  const found = known.get(beginning);
  if (found || known.has(beginning)) return found;
  const read = readHttpUrl(`${beginning}/`);
  const origin = 'url' in read ? readOrigin(read.url) : undefined;
  if (known.size >= MOST_KNOWN) known.clear();
  known.set(beginning, origin);
  return origin;
}

function readOrigin({ href, origin, protocol, hostname, port }: URL): Origin | undefined {
  // A host that is called as a scheme is a mistake, which is told.
  const isOdd = href !== `${origin}/` || hostname === 'http' || hostname === 'https';
  return isOdd ? undefined : { origin, protocol, hostname, port };
}
