import { ESCAPES_HELP, explainRawPassword } from '../../util/raw-password.ts';
import { isExcepted, isLoopback } from './no-proxy.ts';
import type { WireUrl } from './wire-url.ts';

/** The way that a request takes: a proxy, and what names it. */
export interface ProxyChoice {
  readonly url: URL;
  /** `proxy`, or the variable of the environment. */
  readonly setting: string;
}

export type ReadProxy = { readonly url: URL } | { readonly mistake: string; readonly help: readonly string[] };

/** A variable of the process environment. */
export type ReadEnv = (name: string) => string | undefined;

/** Reads a proxy's address: `http://user:password@host:port`, or `https://…`. */
export function readProxyUrl(text: string, setting: string): ReadProxy {
  // Whatever stands before an `@` may be a password, however odd the rest.
  const safe = text.replace(/^([a-z][a-z0-9+.-]*:\/\/)?.*@/is, '$1');
  const shown = JSON.stringify(safe);
  const help = ['expected `http://host:port` or `https://host:port`'];
  const quote = /^(?:http:\/\/)?(["']).*\1$/is.exec(text)?.[1];
  if (quote !== undefined) {
    const bare = safe.replaceAll(quote, '');
    return {
      mistake: `\`${setting}\`: the quotes around \`${bare}\` are part of its value`,
      help: [`write it without them: \`${setting}=${bare}\``],
    };
  }
  const scheme = /^([a-z][a-z0-9+.-]*):\/\//i.exec(text)?.[1]?.toLowerCase();
  if (scheme === undefined) {
    return {
      mistake: `\`${setting}\`: ${shown} has no scheme`,
      help: [`did you mean \`http://${safe}\`?`],
    };
  }
  if (scheme !== 'http' && scheme !== 'https') {
    return {
      mistake: `\`${setting}\`: expected \`http://\` or \`https://\`, got \`${scheme}://\``,
      help: ['no other kind of proxy is supported'],
    };
  }
  const why = explainRawPassword(text);
  if (why !== '') return { mistake: `\`${setting}\` is not a valid address${why}`, help: [ESCAPES_HELP] };
  if (!URL.canParse(text)) return { mistake: `\`${setting}\`: ${shown} is not a valid address`, help };
  const url = new URL(text);
  if ((url.pathname === '/' || url.pathname === '') && url.search === '') return { url };
  return { mistake: `\`${setting}\`: ${shown} has a path, but a proxy address has none`, help };
}

/**
 * The proxy of a request: the setting's, else the environment's `HTTP_PROXY` or `HTTPS_PROXY` (in small letters first), but
 * not to this machine nor where `NO_PROXY` says otherwise. `false` and an empty text are none.
 */
export function chooseProxy(
  given: string | false | undefined,
  url: WireUrl,
  readEnv: ReadEnv,
): (ReadProxy & { readonly setting: string }) | undefined {
  if (given === false || given?.trim() === '') return undefined;
  if (given !== undefined) return { ...readProxyUrl(given.trim(), 'proxy'), setting: 'proxy' };
  if (isLoopback(url)) return undefined;
  const named = findVariable(url, readEnv);
  if (!named || isExcepted(url, readEnv('no_proxy') || readEnv('NO_PROXY') || '')) return undefined;
  const address = named.value.includes('://') ? named.value : `http://${named.value}`;
  return { ...readProxyUrl(address, named.name), setting: named.name };
}

/** Whether the environment names a proxy for addresses of this kind. */
export function hasProxyVariable(url: WireUrl, readEnv: ReadEnv): boolean {
  return findVariable(url, readEnv) !== undefined;
}

/** A proxy's host and port. */
export function nameProxy(url: URL): string {
  return `${url.hostname}:${url.port || (url.protocol === 'https:' ? '443' : '80')}`;
}

function findVariable(url: WireUrl, readEnv: ReadEnv): { name: string; value: string } | undefined {
  const name = `${url.protocol.slice(0, -1)}_proxy`;
  for (const spelling of [name, name.toUpperCase()]) {
    const value = readEnv(spelling)?.trim();
    if (value) return { name: spelling, value };
  }
  return undefined;
}
