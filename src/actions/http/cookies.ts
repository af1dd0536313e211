import { type CookieJar, createCookieJar } from '../../drivers/http/cookie-jar.ts';
import type { ActionIo } from '../../model/action/io.ts';
import { listNames } from '../../util/suggest.ts';
import type { HttpSettings } from './http-settings.ts';
import { hasHeader, type WireRequest } from './request.ts';

/** What a request and its redirects have to do with the session's cookies. */
export interface CookieUse {
  /** The request with the cookies that go to its address. */
  attach(request: WireRequest): Promise<WireRequest>;
  /** Keeps what an answer sets (headers as names and values by turns). */
  keep(headers: readonly string[], url: URL): Promise<void>;
}

/** Opens the jar that the requests of a session share; with `cookies: false` nothing is sent or kept. */
export async function openCookies(settings: HttpSettings, io: ActionIo): Promise<CookieUse> {
  if (settings.cookies === false) return NO_COOKIES;
  const create = async () => ({ value: createCookieJar(), close: async () => undefined });
  const jar = await io.resources.open<CookieJar>('cookies', create, { lifetime: 'session' });
  return {
    attach: (request) => attach(request, jar, io),
    async keep(headers, url) {
      for (let at = 0; at < headers.length; at += 2) {
        if (headers[at]?.toLowerCase() !== 'set-cookie') continue;
        const refusal = await jar.keep(headers[at + 1] ?? '', url.href, io.clock.now());
        if (!refusal) continue;
        const which = refusal.name === undefined ? 'a cookie' : `the cookie \`${refusal.name}\``;
        io.report.note(`${which} was not kept: ${refusal.reason}`);
      }
    },
  };
}

const NO_COOKIES: CookieUse = { attach: async (request) => request, keep: async () => undefined };

async function attach(request: WireRequest, jar: CookieJar, io: ActionIo): Promise<WireRequest> {
  const { headers, url, cookies } = request;
  const kept = await jar.list(url.href);
  if (hasHeader(headers, 'cookie')) {
    const names = [...new Set(kept.map(([name]) => name))];
    if (names.length > 0) {
      io.report.note(
        `the header \`Cookie\` was sent as written, without ${listNames(names)} from the jar: \`cookies:\` adds to it`,
      );
    }
    return request;
  }
  if (kept.length === 0 && cookies.size === 0) return request;
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
