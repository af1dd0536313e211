import { parseBrokers } from '../kafka/kafka-settings.ts';
import type { ProxySettings } from './fault-settings.ts';

/** The ports of addresses that name none. */
const USUAL_PORTS: Readonly<Record<string, number>> = {
  http: 80,
  https: 443,
  postgres: 5432,
  postgresql: 5432,
  mysql: 3306,
  mariadb: 3306,
  redis: 6379,
  rediss: 6379,
};

/** Where a proxy of connections passes on what comes. */
export interface Upstream {
  readonly host: string;
  readonly port: number;
}

/** What it takes apart of what goes through. */
export function protocolOf({ upstream, protocol }: Pick<ProxySettings, 'upstream' | 'protocol'>) {
  return protocol ?? (/^https?:/i.test(upstream) ? 'http' : 'tcp');
}

/** The address of a service that speaks HTTP; undefined when it is none. */
export function readHttpUpstream(upstream: string): URL | undefined {
  const url = readAddress(upstream, 'http');
  return url && /^https?:$/.test(url.protocol) ? url : undefined;
}

/** The host and port behind an address; undefined when it is none, or lacks a port that nothing says. */
export function readTcpUpstream(upstream: string): Upstream | undefined {
  const url = readAddress(upstream, 'tcp');
  // A URL forgets a port that is the usual one of its scheme.
  const written = /^(?:[a-z][\w+.-]*:\/\/)?[^/?#]*:(\d+)(?:[/?#]|$)/i.exec(upstream)?.[1];
  const port = Number(written) || USUAL_PORTS[url?.protocol.slice(0, -1) ?? ''];
  return url && port !== undefined ? { host: url.hostname.replace(/^\[|\]$/g, ''), port } : undefined;
}

/** What is wrong with where a proxy leads, and what to write; undefined where nothing is. */
export function findWrongUpstream(
  settings: Pick<ProxySettings, 'upstream' | 'protocol'>,
): { readonly message: string; readonly hint: string } | undefined {
  const { upstream } = settings;
  const kind = protocolOf(settings);
  const about = `\`upstream\`: \`${upstream.replace(/\/\/[^@/\s]*@/, '//')}\``;
  const [, scheme, host = upstream] = /^([a-z][\w+.-]*):\/\/(?:[^@/\s]*@)?([^/?#\s:]*)/i.exec(upstream) ?? [];
  if (kind === 'http') {
    if (readHttpUpstream(upstream)) return undefined;
    return {
      message: `${about} is not an address that \`protocol: http\` can ask`,
      hint: `for example \`http://${host || 'localhost'}:5001\``,
    };
  }
  if (kind === 'kafka') {
    const all = upstream.split(',').filter((text) => text.trim() !== '');
    if (all.length > 0 && parseBrokers(upstream).length === all.length) return undefined;
    const brokers = scheme === undefined ? 'localhost:9092' : `${host || 'localhost'}:9092`;
    return {
      message: `${about} is not the address of a broker, which is \`host:port\` without a scheme`,
      hint: `for example \`${brokers}\``,
    };
  }
  if (readTcpUpstream(upstream)) return undefined;
  if (scheme === undefined || !readAddress(upstream, 'tcp'))
    return {
      message: `${about} is not an address with a port`,
      hint: `for example \`${/^[^\s,:/]*/.exec(host)?.[0] || 'localhost'}:5432\``,
    };
  const known = Object.keys(USUAL_PORTS).map((one) => `\`${one}\``);
  return {
    message: `${about} names no port, and none is usual for \`${scheme}\``,
    hint: `write it with its port, as in \`${scheme}://${host}:1234\`; a port is known for ${known.slice(0, -1).join(', ')} and ${known.at(-1)}`,
  };
}

function readAddress(upstream: string, scheme: string): URL | undefined {
  const text = /^[a-z][\w+.-]*:\/\//i.test(upstream) ? upstream : `${scheme}://${upstream}`;
  return URL.canParse(text) ? new URL(text) : undefined;
}
