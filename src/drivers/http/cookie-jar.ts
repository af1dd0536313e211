/** The cookies that answers set, sent back by the rules of browsers: domain, path, `Secure`, expiry; ports make no difference. */
export interface CookieJar {
  /** Whether no answer has set one yet. */
  readonly isEmpty: boolean;
  /** Names and values that go with a request to this address. */
  list(url: string): Promise<readonly (readonly [string, string])[]>;
  /** Takes one `Set-Cookie` header; says why when the cookie is not kept. `nowMs` is since 1970. */
  keep(header: string, url: string, nowMs: number): Promise<CookieRefusal | undefined>;
}

/** A cookie that was not kept. */
export interface CookieRefusal {
  /** Undefined when the header cannot be read. */
  readonly name: string | undefined;
  /** Follows the cookie's name: `its domain … is not that of …`. */
  readonly reason: string;
}

/** Makes an empty jar; the library is loaded with the first cookie. */
export function createCookieJar(): CookieJar {
  let opening: ReturnType<typeof openJar> | undefined;
  return {
    get isEmpty() {
      return opening === undefined;
    },
    async list(url) {
      if (!opening) return [];
      const { jar } = await opening;
      const cookies = await jar.getCookies(url);
      return cookies.filter(({ key, value }) => key !== '' || value !== '').map(({ key, value }) => [key, value]);
    },
    async keep(header, url, nowMs) {
      opening ??= openJar();
      const { jar, parse } = await opening;
      const cookie = parse(header, { loose: true });
      if (!cookie) return { name: undefined, reason: 'it cannot be read' };
      const set = () => jar.setCookie(cookie, url, { now: new Date(nowMs) });
      const { key: name, domain } = cookie;
      try {
        await set().catch((error: unknown) => {
          // A host may name itself, though many sites share its name (`api`, a container): then it is the host's alone.
          if (!isSharedSuffix(error) || cookie.cdomain() !== new URL(url).hostname) throw error;
          cookie.domain = null;
          return set();
        });
        return undefined;
      } catch (error) {
        return { name, reason: describeRefusal(error, domain, url) };
      }
    },
  };
}

async function openJar() {
  const { Cookie, CookieJar } = await import('tough-cookie');
  return { jar: new CookieJar(undefined, { looseMode: true, prefixSecurity: 'strict' }), parse: Cookie.parse };
}

function describeRefusal(error: unknown, domain: string | null, url: string): string {
  const text = error instanceof Error ? error.message : String(error);
  if (/prefix/.test(text)) {
    return 'names with `__Secure-` need `Secure`, those with `__Host-` also `Path=/` and no domain';
  }
  if (/not a secure connection/.test(text)) return 'it is `Secure`, and came over `http://`';
  if (isSharedSuffix(error)) return `its domain \`${domain}\` is one that many sites share`;
  if (/domain/.test(text)) return `its domain \`${domain}\` is not that of \`${new URL(url).hostname}\``;
  return text;
}

function isSharedSuffix(error: unknown): boolean {
  return error instanceof Error && /public suffix/.test(error.message);
}
