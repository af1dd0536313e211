import { resolve } from 'node:path';
import type { HttpPool } from '../../drivers/http/http.ts';
import type { HttpProxy, HttpRoute } from '../../drivers/http/http-connect.ts';
import { describeProxyRefusal, type HttpPeer } from '../../drivers/http/http-errors.ts';
import type { HttpResponse } from '../../drivers/http/http-handler.ts';
import { openHttp1Pool } from '../../drivers/http/http1.ts';
import { openHttp2Pool } from '../../drivers/http/http2.ts';
import type { TlsParts } from '../../drivers/tls.ts';
import type { ActionIo } from '../../model/action/io.ts';
import { ActionError } from '../../model/action/outcome.ts';
import type { HttpTls, HttpWay } from '../../model/exchange.ts';
import { digestOf, openShared } from '../settings/open-shared.ts';
import { isPemText, readTls, type TlsSettings } from '../settings/tls.ts';
import type { HttpSettings } from './http-settings.ts';
import { chooseProxy, hasProxyVariable, nameProxy, type ProxyChoice, type ReadEnv } from './proxy.ts';
import { decodeUserInfo, describeUserInfo } from './url.ts';
import type { WireUrl } from './wire-url.ts';

type RouteSettings = Pick<HttpSettings, 'tls' | 'proxy' | 'http2'>;
type RouteIo = Pick<ActionIo, 'resources' | 'clock' | 'facts' | 'expressions' | 'report'>;

/** The ways of one step's requests: several when they are redirected. */
export class Routes {
  readonly #settings: RouteSettings;
  readonly #io: RouteIo;
  #reported: Set<string> | undefined;
  /** Of the address that was asked for last. */
  #last: { readonly url: WireUrl; readonly proxy: ProxyChoice | undefined } | undefined;

  constructor(settings: RouteSettings, io: RouteIo) {
    this.#settings = settings;
    this.#io = io;
  }

  /** The connections to an address's origin: those that the run has, at once where nothing has to be read for them, or new ones. @throws ActionError of kind `config` */
  open(url: WireUrl): Promise<HttpPool> | HttpPool {
    const settings = this.#settings;
    const proxy = this.#findProxy(url);
    if (proxy)
      this.#note(
        `through the proxy ${nameProxy(proxy.url)}${proxy.setting === 'proxy' ? '' : ` (\`${proxy.setting}\`)`}`,
      );
    if (settings.tls?.insecure && isHttps(url)) this.#note('the certificate was not checked (`tls.insecure`)');
    return openPool({ settings, url, proxy }, this.#io);
  }

  /** Says what the way has to do with the answer. @throws ActionError when it is the proxy's */
  judge({ status }: HttpResponse, url: WireUrl): void {
    const proxy = this.#findProxy(url);
    if (!proxy || isHttps(url) || this.#settings.http2) return;
    if (status === 407) throw new ActionError(describeProxyRefusal(describePeer(this.#settings, url, proxy)));
    if (status >= 502 && status <= 504) this.#note(`the answer ${status} may be the proxy's own`);
  }

  /** Whom a request was for, in words for messages. */
  describe(url: WireUrl): HttpPeer {
    return describePeer(this.#settings, url, this.#findProxy(url));
  }

  /** What is not a matter of course about the way to an address. */
  describeWay(url: WireUrl): HttpWay {
    const { tls, http2 } = this.#settings;
    return {
      ...(tls && isHttps(url) && { tls: describeTls(tls, this.#io.facts.directory) }),
      ...describeProxy(this.#settings, url, readEnvironment(this.#io)),
      ...(http2 && { isHttp2: true }),
    };
  }

  #findProxy(url: WireUrl): ProxyChoice | undefined {
    if (this.#last?.url !== url)
      this.#last = { url, proxy: findProxyOf(this.#settings, url, readEnvironment(this.#io)) };
    return this.#last.proxy;
  }

  #note(text: string): void {
    this.#reported ??= new Set();
    if (!this.#reported.has(text)) this.#io.report.note(text);
    this.#reported.add(text);
  }
}

interface Way {
  readonly settings: RouteSettings;
  readonly url: WireUrl;
  readonly proxy: ProxyChoice | undefined;
}

function openPool({ settings, url, proxy }: Way, io: RouteIo): Promise<HttpPool> | HttpPool {
  const given = isHttps(url) || proxy?.url.protocol === 'https:' ? settings.tls : undefined;
  const key = nameKey(url.origin);
  if (given || proxy || settings.http2) return openSpecial({ settings, url, proxy, given, key }, io);
  return io.resources.find<HttpPool>(key) ?? openOne({ url, proxy, key }, io);
}

/** One text for each origin, which is found faster than one that is made anew. */
const keys = new Map<string, string>();
const MOST_KEYS = 256;

function nameKey(origin: string): string {
  let key = keys.get(origin);
  if (key === undefined) {
    key = `http:${origin}`;
    if (keys.size >= MOST_KEYS) keys.clear();
    keys.set(origin, key);
  }
  return key;
}

async function openSpecial(
  { settings, url, proxy, given, key }: Way & { given: TlsSettings | undefined; key: string },
  io: RouteIo,
): Promise<HttpPool> {
  const tls = given && (await openTls(given, io));
  const isHttp2 = settings.http2 === true;
  return openOne({ url, proxy, tls, isHttp2, key: `${key}:${digestOf([tls, proxy?.url.href, isHttp2])}` }, io);
}

interface OneWay extends Pick<Way, 'url' | 'proxy'> {
  readonly tls?: TlsParts | undefined;
  readonly isHttp2?: boolean;
  readonly key: string;
}

function openOne({ url: { origin }, proxy, tls, isHttp2 = false, key }: OneWay, io: RouteIo): Promise<HttpPool> {
  const { clock } = io;
  const { kept } = io.facts.turn?.wire ?? {};
  const create = () => {
    const route: HttpRoute = { tls, proxy: proxy && readProxy(proxy.url) };
    const isForOne = kept === 'request';
    return (isHttp2 ? openHttp2Pool : openHttp1Pool)({ origin, route, isForOne, now: () => clock.monotonic() });
  };
  // A virtual user of a load has connections of its own.
  const lifetime = kept === undefined ? 'run' : kept === 'iteration' ? 'flow' : 'session';
  return openShared(io, { key, name: `connections to ${origin}`, create, lifetime });
}

/** Reads the files of the TLS settings once in a flow: what they hold decides who shares connections. */
function openTls(tls: TlsSettings, { resources, facts }: RouteIo): Promise<TlsParts> {
  return resources.open(`tls:${digestOf([tls])}`, async () => {
    const value = await readTls(tls, facts.directory);
    return { value, close: async () => undefined };
  });
}

function findProxyOf({ proxy }: RouteSettings, url: WireUrl, readEnv: ReadEnv): ProxyChoice | undefined {
  const chosen = chooseProxy(proxy, url, readEnv);
  if (!chosen || 'url' in chosen) return chosen;
  throw new ActionError({ kind: 'authoring', code: 'TM311', message: chosen.mistake, hints: chosen.help });
}

function readEnvironment({ expressions }: RouteIo): ReadEnv {
  const read = expressions.host['readEnv'];
  return (name) => {
    const value: unknown = typeof read === 'function' ? read(name) : undefined;
    return typeof value === 'string' ? value : undefined;
  };
}

function readProxy(url: URL): HttpProxy {
  const isTls = url.protocol === 'https:';
  return {
    host: url.hostname.replace(/^\[(.*)\]$/, '$1'),
    port: Number(url.port || (isTls ? 443 : 80)),
    isTls,
    authorization: describeUserInfo(url),
  };
}

function describePeer({ tls }: RouteSettings, url: WireUrl, proxy: ProxyChoice | undefined): HttpPeer {
  return {
    peer: `${url.hostname}:${url.port || (isHttps(url) ? '443' : '80')}`,
    tls: isHttps(url) ? (tls ?? {}) : undefined,
    proxy: proxy && {
      peer: nameProxy(proxy.url),
      setting: proxy.setting,
      hasCredentials: describeUserInfo(proxy.url) !== undefined,
    },
  };
}

/** Without certificates that were given as text, and the passphrase. */
function describeTls(tls: NonNullable<HttpSettings['tls']>, directory: string): HttpTls {
  const fileOf = (given: string | undefined): string | undefined =>
    given === undefined || isPemText(given) ? undefined : resolve(directory, given);
  const { ca, cert, key, insecure } = tls;
  return { ca: fileOf(ca), cert: fileOf(cert), key: fileOf(key), ...(insecure && { isInsecure: true }) };
}

function describeProxy({ proxy }: RouteSettings, url: WireUrl, readEnv: ReadEnv): Pick<HttpWay, 'proxy' | 'isDirect'> {
  const chosen = chooseProxy(proxy, url, readEnv);
  if (!chosen) return proxy !== undefined || hasProxyVariable(url, readEnv) ? { isDirect: true } : {};
  if (!('url' in chosen)) return {};
  const { protocol, username } = chosen.url;
  const user = username === '' ? undefined : decodeUserInfo(username);
  return { proxy: { url: `${protocol}//${nameProxy(chosen.url)}`, user, isForced: proxy !== undefined } };
}

function isHttps({ protocol }: WireUrl): boolean {
  return protocol === 'https:';
}
