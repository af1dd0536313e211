import type { Stage } from '../../stop/stop-error.ts';
import { formatDuration } from '../../util/duration.ts';
import { describeNetworkFailure, describeNoConnection, type Failure, findErrorCode } from '../failure.ts';
import { HttpBroken, HttpUnsendable } from './http-broken.ts';
import { describeHttpTlsFailure, type TlsGiven } from './http-tls-errors.ts';
import { ProxyFailure } from './http-tunnel.ts';
import { Http2Missing } from './http2-stream.ts';

/** Whom a request was for, and the way to it. */
export interface HttpPeer {
  /** Host and port. */
  readonly peer: string;
  /** What was given for TLS; undefined without TLS. */
  readonly tls?: TlsGiven | undefined;
  readonly proxy?: ProxyGiven | undefined;
  /** What holds the address: `url` unless a redirect led there. */
  readonly setting?: string | undefined;
}

export interface ProxyGiven {
  /** Host and port. */
  readonly peer: string;
  /** What names it: the setting `proxy`, or a variable. */
  readonly setting: string;
  readonly hasCredentials: boolean;
}

const UNSENDABLE = /^(ERR_HTTP2_(INVALID_|HEADER_SINGLE|FORBIDDEN|CONNECT_|STATUS_)|ERR_INVALID_)/;

/** Describes why a request got no answer. */
export function describeHttpFailure(error: unknown, to: HttpPeer): Failure {
  const code = findErrorCode(error);
  const text = error instanceof Error ? error.message : String(error);
  if (error instanceof ProxyFailure) return describeProxyFailure(error, to);
  if (error instanceof Http2Missing) return describeMissingHttp2(error, to);
  if (error instanceof HttpUnsendable || (code !== undefined && UNSENDABLE.test(code))) {
    return { kind: 'authoring', code: undefined, message: `the request cannot be sent: ${text}`, hints: [] };
  }
  return describeTransportFailure(error, code, to);
}

function describeTransportFailure(error: unknown, code: string | undefined, to: HttpPeer): Failure {
  const text = error instanceof Error ? error.message : String(error);
  const peer = to.proxy ? `${to.peer} (through the proxy ${to.proxy.peer})` : to.peer;
  const about = { kind: 'connection', code } as const;
  const tls = to.tls && describeHttpTlsFailure(error, to.peer, to.tls);
  if (tls) return tls;
  if (error instanceof HttpBroken) return describeBroken(error, peer, to);
  if (code?.startsWith('NGHTTP2_') || code?.startsWith('ERR_HTTP2_')) {
    return { ...about, message: `${peer} broke off the request (${describeReset(code, text)})`, hints: [] };
  }
  const described = describeNetworkFailure(error, peer, to.setting ?? 'url');
  if (described && to.tls && (code === 'ECONNRESET' || code === 'EPIPE'))
    return { ...described, hints: [...described.hints, hintAtTls(to.tls)] };
  return described ?? { ...about, message: `the request to ${peer} failed: ${text}`, hints: [] };
}

function describeBroken({ kind, code, message, cause }: HttpBroken, peer: string, { tls }: HttpPeer): Failure {
  const about = { kind: 'connection', code } as const;
  switch (kind) {
    case 'closed':
      return {
        ...about,
        message: `${peer} closed the connection before the answer was complete`,
        hints: [
          hintAtPort(peer) ?? "check the service's log, it may have crashed; or the port, it may not speak HTTP",
          hintAtTls(tls),
        ],
      };
    case 'cut off':
      return {
        ...about,
        message: `the answer from ${peer} ended ${message}${cause === undefined ? '' : ': the connection was reset'}`,
        hints: ["check the service's log: it may have crashed, or its headers may be about another body"],
      };
    case 'not http':
      return {
        ...about,
        message: `${peer} answered with something that is not HTTP: ${message}`,
        hints: [hintAtRule(message)],
      };
    case 'body too large':
      return {
        ...{ kind: 'budget', code },
        message: `the answer from ${peer} is larger than 256 MB`,
        hints: ['write it to a file with `save_to`, which takes any size'],
      };
    case 'headers too large':
      return { ...about, message: `the headers of the answer from ${peer} are larger than 16 KB`, hints: [] };
    default:
      return kind satisfies never;
  }
}

/** Describes a proxy that asked for other credentials than it was sent. */
export function describeProxyRefusal(to: HttpPeer): Failure {
  const { peer = '', setting = 'proxy', hasCredentials = false } = to.proxy ?? {};
  return {
    kind: 'connection',
    code: 'PROXY_407',
    message: `the proxy ${peer} ${hasCredentials ? 'did not accept the credentials' : 'wants credentials'} for ${to.peer} (407)`,
    hints: [`write them into \`${setting}\`: \`http://user:password@${peer}\``],
  };
}

function describeProxyFailure(error: ProxyFailure, to: HttpPeer): Failure {
  const { peer = '', setting = 'proxy' } = to.proxy ?? {};
  if (error.status === 407) return describeProxyRefusal(to);
  const why = error.cause === undefined ? undefined : describeNetworkFailure(error.cause, peer, setting);
  if (why) return { ...why, message: `${to.peer} cannot be reached through its proxy: ${why.message}` };
  return {
    kind: 'connection',
    code: error.status === undefined ? findErrorCode(error.cause) : `PROXY_${error.status}`,
    message: `${to.peer} cannot be reached through the proxy ${peer}: ${error.message}`,
    hints: [
      error.status === undefined
        ? `check that \`${setting}\` names a proxy`
        : `check whether the proxy can reach ${to.peer}; \`proxy: false\` goes without it`,
    ],
  };
}

function describeMissingHttp2(error: Http2Missing, { peer, tls }: HttpPeer): Failure {
  const hints = ['leave `http2: true` out where HTTP/1.1 will do'];
  if (!tls) hints.push('a TLS port wants `https://`');
  return {
    kind: 'connection',
    code: 'HTTP2_NOT_SPOKEN',
    message: `${peer} does not speak HTTP/2: ${error.message}`,
    hints,
  };
}

function describeReset(code: string, text: string): string {
  return code.startsWith('NGHTTP2_') ? `HTTP/2: ${code.replace('NGHTTP2_', '')}` : text;
}

/** Servers of other protocols close a connection that begins with a request of HTTP. */
const OTHER_PORTS: Readonly<Record<string, string>> = {
  5432: 'Postgres, which `database_query` speaks',
  3306: 'MySQL, which `database_query` speaks',
  6379: 'Redis, which `redis.get` and its like speak',
  9092: 'Kafka, which `kafka_consumer` and `kafka_producer` speak',
  27017: 'MongoDB',
  5672: 'AMQP',
};

function hintAtPort(peer: string): string | undefined {
  const other = OTHER_PORTS[/:(\d+)$/.exec(peer)?.[1] ?? ''];
  return other && `it sent no HTTP at all; the port is that of ${other}`;
}

/** What a server of HTTP/2 sends first, as messages quote it: a frame of settings. */
const SETTINGS_FRAME = /begins with "\\u0000\\u0000.{1,6}\\u0004\\u0000/;

/** What to do of an answer that breaks the rules of HTTP, or is of another protocol. */
function hintAtRule(message: string): string {
  if (SETTINGS_FRAME.test(message)) return 'it speaks HTTP/2 from the first byte: write `http2: true`';
  if (/ headers is "[^":]*\s:/.test(message))
    return 'no blank may stand before the colon of a header: the service has to leave it out';
  if (message.endsWith('wants TLS does')) return 'write `https://` instead of `http://`';
  if (/, as an? .* does$/.test(message)) return 'check the host and port';
  return / headers is | headers begin |`content-length`|chunk/.test(message)
    ? 'the service, or a proxy before it, breaks the rules of HTTP here'
    : 'check the port; a TLS port wants `https://`';
}

function hintAtTls(tls: TlsGiven | undefined): string {
  if (!tls) return 'a TLS port wants `https://`';
  return tls.cert === undefined
    ? 'it may want a certificate from its clients: `tls: {cert: client.pem, key: client.key}`'
    : 'it may not accept the certificate of `tls.cert`';
}

/** Bodies that go on for as long as somebody listens. */
const ENDLESS = /^(?:text\/event-stream|multipart\/x-mixed-replace)\b/i;

function hintAtBody(type: string | undefined): string {
  return type !== undefined && ENDLESS.test(type)
    ? `an answer of type \`${type.replace(/;.*$/s, '').trim()}\` does not end: no action reads a stream; ask for what it tells in another way`
    : 'raise `timeout` when the answer is large';
}

/** Describes a request whose time was over. */
export function describeHttpTimeout(stage: Stage | undefined, to: HttpPeer, timeoutMs: number): Failure {
  const { peer, proxy } = to;
  const within = `within ${formatDuration(timeoutMs)}`;
  const about = { kind: 'timeout', code: 'ETIMEDOUT' } as const;
  const through = proxy && !to.tls ? `the proxy ${proxy.peer}, asked for ${peer},` : peer;
  if (!stage || stage.at === 'connecting')
    return proxy
      ? describeNoConnection(proxy.peer, within, `the proxy ${proxy.peer}`)
      : describeNoConnection(peer, within);
  switch (stage.at) {
    case 'proxy':
      return {
        ...about,
        message: `the proxy ${proxy?.peer} accepted the connection but opened none to ${peer} ${within}`,
        hints: [`check whether the proxy can reach ${peer}`],
      };
    case 'handshake':
      return {
        ...about,
        message: `${peer} accepted the connection but did not finish the TLS handshake ${within}`,
        hints: ['is it a TLS port?'],
      };
    case 'waiting':
    case 'greeting':
    case 'running':
      return {
        ...about,
        message: `${through} accepted the connection but did not answer ${within}`,
        hints: ["check the service's log, or raise `timeout`"],
      };
    case 'receiving':
      return {
        ...about,
        message: `${peer} answered ${stage.status} but its body was not complete ${within} (${stage.bytes} bytes came)`,
        hints: [hintAtBody(stage.type)],
      };
    default:
      return stage satisfies never;
  }
}
