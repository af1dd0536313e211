import { type CookieJar, createCookieJar } from '../../drivers/http/cookie-jar.ts';
import type { ActionIo } from '../../model/action/io.ts';
import { listNames } from '../../util/suggest.ts';
import type { HttpSettings } from './http-settings.ts';
import { hasHeader, type WireRequest } from './request.ts';
import type { WireUrl } from './wire-url.ts';

/** What a request and its redirects have to do with the session's cookies. */
export interface CookieUse {
  /** The request with the cookies that go to its address; at once where the jar has none at all. */
  attach(request: WireRequest): Promise<WireRequest> | WireRequest;
  /** Keeps what an answer sets (headers as names and values by turns); undefined where it sets nothing. */
  keep(headers: readonly string[], url: WireUrl): Promise<void> | undefined;
}

/** Opens the jar that the requests of a session share; with `cookies: false` nothing is sent or kept. */
export async function openCookies(settings: HttpSettings, io: ActionIo): Promise<CookieUse> {
  if (settings.cookies === false) return NO_COOKIES;
  const create = async () => ({ value: createCookieJar(), close: async () => undefined });
  return new JarUse(await io.resources.open<CookieJar>(JAR, create, { lifetime: 'session' }), io);
}

/** The same where the jar is open. */
export function findCookies(settings: HttpSettings, io: ActionIo): CookieUse | undefined {
  if (settings.cookies === false) return NO_COOKIES;
  const jar = io.resources.find<CookieJar>(JAR);
  return jar && new JarUse(jar, io);
}

const JAR = 'cookies';
const NONE: readonly never[] = [];
const NO_COOKIES: CookieUse = { attach: (request) => request, keep: () => undefined };

class JarUse implements CookieUse {
  readonly #jar: CookieJar;
  readonly #io: ActionIo;

  constructor(jar: CookieJar, io: ActionIo) {
    this.#jar = jar;
    this.#io = io;
  }

  attach(request: WireRequest): Promise<WireRequest> | WireRequest {
    return this.#jar.isEmpty ? addCookies(request, NONE, this.#io) : attach(request, this.#jar, this.#io);
  }

  keep(headers: readonly string[], url: WireUrl): Promise<void> | undefined {
    return setsCookies(headers) ? keep({ headers, url }, this.#jar, this.#io) : undefined;
  }
}

function setsCookies(headers: readonly string[]): boolean {
  for (let at = 0; at < headers.length; at += 2) if (isSetCookie(headers[at])) return true;
  return false;
}

function isSetCookie(name = ''): boolean {
  return name.length === SET_COOKIE.length && name.toLowerCase() === SET_COOKIE;
}

const SET_COOKIE = 'set-cookie';

async function keep(
  { headers, url }: { headers: readonly string[]; url: WireUrl },
  jar: CookieJar,
  io: ActionIo,
): Promise<void> {
  for (let at = 0; at < headers.length; at += 2) {
    if (!isSetCookie(headers[at])) continue;
    const refusal = await jar.keep(headers[at + 1] ?? '', url.href, io.clock.now());
    if (!refusal) continue;
    const which = refusal.name === undefined ? 'a cookie' : `the cookie \`${refusal.name}\``;
    io.report.note(`${which} was not kept: ${refusal.reason}`);
  }
}

async function attach(request: WireRequest, jar: CookieJar, io: ActionIo): Promise<WireRequest> {
  return addCookies(request, await jar.list(request.url.href), io);
}

function addCookies(request: WireRequest, kept: Awaited<ReturnType<CookieJar['list']>>, io: ActionIo): WireRequest {
  const { headers, cookies } = request;
  if (kept.length === 0 && cookies.size === 0) return request;
  if (hasHeader(headers, 'cookie')) {
    const names = [...new Set(kept.map(([name]) => name))];
    if (names.length > 0) {
      io.report.note(
        `the header \`Cookie\` was sent as written, without ${listNames(names)} from the jar: \`cookies:\` adds to it`,
      );
    }
    return request;
  }
  const own = [...cookies].flatMap(([name, value]) => (value === null ? [] : [`${name}=${value}`]));
  const others = kept.filter(([name]) => !cookies.has(name)).map(writeKept);
  if (own.length === 0 && others.length === 0) return request;
  return { ...request, headers: [...headers, ['cookie', [...others, ...own].join('; ')]] };
}

/** As the server wrote it, byte for byte: headers carry a byte as a character. */
function writeKept([name, value]: readonly [string, string]): string {
  const text = name === '' ? value : `${name}=${value}`;
  return Buffer.from(text, 'utf8').toString('latin1');
}
