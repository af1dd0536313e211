import { NO_COOKIES, type WireRequest } from './request.ts';
import type { WireUrl } from './wire-url.ts';

const REDIRECTS = new Set([301, 302, 303, 307, 308]);
const BODY_HEADERS = new Set(['content-type', 'content-length', 'content-encoding', 'content-language']);
/**
 * The request that a redirect asks for, by the rules of browsers: 303 (and 301, 302 after a POST) become a GET without body;
 * credentials stay with their origin. Undefined when the answer is no redirect that can be followed.
 */
export function followRedirect(
  request: WireRequest,
  status: number,
  location: string | undefined,
): WireRequest | undefined {
  if (!REDIRECTS.has(status) || location === undefined || !URL.canParse(location, request.url.href)) return undefined;
  const url = new URL(location, request.url.href);
  if (url.protocol !== 'http:' && url.protocol !== 'https:') return undefined;
  url.hash = '';
  url.username = '';
  url.password = '';
  const becomesGet = turnsIntoGet(request.method, status);
  const isSameOrigin = url.origin === request.url.origin;
  const headers = request.headers.filter(([name]) => {
    const lower = name.toLowerCase();
    return !(becomesGet && BODY_HEADERS.has(lower)) && (isSameOrigin || !request.credentials.has(lower));
  });
  return {
    ...request,
    method: becomesGet ? 'GET' : request.method,
    url,
    headers,
    body: becomesGet ? undefined : request.body,
    cookies: isSameOrigin ? request.cookies : NO_COOKIES,
  };
}

/** Why an answer that is a redirect is not followed; undefined of another answer. */
export function describeUnfollowed(status: number, location: string | undefined, url: WireUrl): string | undefined {
  if (!REDIRECTS.has(status)) return undefined;
  if (location === undefined) return `${status}: not followed, for the answer has no \`location\``;
  const why = URL.canParse(location, url.href) ? 'only http and https are followed' : 'it is not a valid address';
  return `${status}: not followed to ${location}: ${why}`;
}

function turnsIntoGet(method: string, status: number): boolean {
  if (status === 303) return method !== 'GET' && method !== 'HEAD';
  return (status === 301 || status === 302) && method === 'POST';
}
