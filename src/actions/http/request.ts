import type { Value } from '../../expr/index.ts';
import { stringifyJson } from '../../expr/index.ts';
import type { StepReport } from '../../model/action/io.ts';
import { ActionError } from '../../model/action/outcome.ts';
import type { HttpSettings, Parameter } from './http-settings.ts';
import { encodeMultipart, type MultipartBody, nameMultipartType, type Part } from './multipart.ts';
import { describeUserInfo, encodeBasic, readHttpUrl } from './url.ts';
import { readPlainUrl, type WireUrl } from './wire-url.ts';

/** A request with everything decided. */
export interface WireRequest {
  readonly method: string;
  readonly url: WireUrl;
  /** In the order they are sent, names as authored. */
  readonly headers: readonly (readonly [string, string])[];
  readonly body: string | MultipartBody | undefined;
  /** Cookies given with the request, for this origin only; null keeps the jar's one of that name back. */
  readonly cookies: ReadonlyMap<string, string | null>;
  /** Headers in lower case that are for this origin only. */
  readonly credentials: ReadonlySet<string>;
  /** The header, or the parameter of the query, that holds the key of `auth`. */
  readonly apiKey?: string | undefined;
}

/** Of a request without `cookies`. */
export const NO_COOKIES: WireRequest['cookies'] = new Map();
const DEFAULT_HEADERS: readonly (readonly [string, string])[] = [
  ['accept', '*/*'],
  ['user-agent', 'testmesh'],
];
const JSON_TYPE = 'application/json';
const JSON_HEADERS = addType(JSON_TYPE);
/** What names of headers and cookies are made of. */
const TOKEN = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
const CREDENTIALS: ReadonlySet<string> = new Set(['authorization', 'cookie', 'proxy-authorization', 'host']);

/**
 * Makes the request that the settings ask for; `report` hears of nil values, which are not sent. `parts` are those of
 * `multipart`, already read.
 * @throws ActionError of kind `config`
 */
export function buildRequest(
  settings: HttpSettings,
  parts: readonly Part[] | undefined,
  report: Pick<StepReport, 'note'>,
): WireRequest {
  const method = (settings.method ?? 'GET').toUpperCase();
  const plain = readPlainUrl(settings.url);
  if (plain && !parts && !settings.headers && !settings.query && !settings.auth)
    return buildBare(settings, { method, url: plain }, report);
  const given = plain ?? readUrl(settings.url, report);
  const headers: [string, string][] = [];
  let credentials = CREDENTIALS;
  for (const [name, value] of listTexts('header', settings.headers, report))
    headers.push([name, checkHeader(name, value)]);
  const query = listTexts('query parameter', settings.query, report);
  const apiKey = settings.auth?.api_key;
  if (apiKey?.query !== undefined) query.push([apiKey.query, apiKey.value]);
  if (apiKey?.header !== undefined) {
    headers.push([apiKey.header, checkHeader(apiKey.header, apiKey.value)]);
    credentials = new Set([...CREDENTIALS, apiKey.header.toLowerCase()]);
  }
  const authorization = describeAuthorization(settings, given);
  if (settings.auth?.bearer !== undefined) noteScheme(settings.auth.bearer, report);
  if (authorization !== undefined && !hasHeader(headers, 'authorization')) {
    headers.push(['authorization', checkHeader('authorization', authorization)]);
  }
  const url = given instanceof URL || query.length > 0 ? completeUrl(given, query) : given;
  const body = parts ? addMultipart(parts, headers) : addBody(settings, headers, report);
  for (const header of DEFAULT_HEADERS) if (!hasHeader(headers, header[0])) headers.push([header[0], header[1]]);
  return {
    method,
    url,
    headers,
    body,
    cookies: readCookies(settings.cookies, report),
    credentials,
    apiKey: apiKey?.header ?? apiKey?.query,
  };
}

/** The same of settings that give no headers and no query. */
function buildBare(
  settings: HttpSettings,
  { method, url }: Pick<WireRequest, 'method' | 'url'>,
  report: Pick<StepReport, 'note'>,
): WireRequest {
  const { body, type } = encodeBody(settings, report);
  const headers = type === undefined ? DEFAULT_HEADERS : type === JSON_TYPE ? JSON_HEADERS : addType(type);
  const cookies = readCookies(settings.cookies, report);
  return { method, url, headers, body, cookies, credentials: CREDENTIALS, apiKey: undefined };
}

function addType(type: string): WireRequest['headers'] {
  return [['content-type', type], ...DEFAULT_HEADERS];
}

function noteScheme(bearer: string, report: Pick<StepReport, 'note'>): void {
  const [scheme] = /^\s*(?:Bearer|Basic|Token)(?=\s+\S)/i.exec(bearer) ?? [];
  if (scheme === undefined) return;
  report.note(
    `\`auth.bearer\` begins with \`${scheme.trim()}\`, and \`Bearer\` is put before it: give the token alone`,
  );
}

/** Whether a header is given, in any case. */
export function hasHeader(headers: readonly (readonly [string, string])[], name: string): boolean {
  return headers.some(([given]) => given.length === name.length && given.toLowerCase() === name);
}

/** A part of a path that stands for the one above it, or for itself. */
const DOTS = /^[^?#]*[/\\](?:\.|%2e){1,2}(?:[/\\?#]|$)/i;

function readUrl(text: string, report: Pick<StepReport, 'note'>): URL {
  const read = readHttpUrl(text);
  if ('url' in read) {
    if (DOTS.test(text.trim()))
      report.note(`the path of \`url\` has \`..\` or \`.\` as a part, so \`${read.url.pathname}\` is asked for`);
    return read.url;
  }
  throw new ActionError({ kind: 'authoring', code: 'TM301', message: read.mistake, hints: read.help });
}

/** Without what is no part of a request, and with the query of the settings. */
function completeUrl(given: WireUrl, query: readonly (readonly [string, string])[]): URL {
  const url = given instanceof URL ? given : new URL(given.href);
  if (url.username !== '') url.username = '';
  if (url.password !== '') url.password = '';
  if (url.hash !== '') url.hash = '';
  if (query.length > 0) url.search = `${url.search === '' ? '' : `${url.search}&`}${encodePairs(query)}`;
  return url;
}

function listTexts(
  what: string,
  map: Readonly<Record<string, Parameter>> | undefined,
  report: Pick<StepReport, 'note'>,
): [string, string][] {
  if (!map) return [];
  const texts: [string, string][] = [];
  for (const [name, value] of Object.entries(map)) {
    for (const item of Array.isArray(value) ? value : [value]) {
      if (item === null) report.note(`the ${what} \`${name}\` is nil: not sent`);
      else texts.push([name, String(item)]);
    }
  }
  return texts;
}

function checkHeader(name: string, value: string): string {
  const problem = TOKEN.test(name) ? describeHeaderValue(value) : 'has a name that HTTP does not allow';
  if (problem === undefined) return value;
  throw new ActionError({ kind: 'authoring', code: 'TM302', message: `the header \`${name}\` ${problem}`, hints: [] });
}

function describeHeaderValue(value: string): string | undefined {
  for (let at = 0; at < value.length; at++) {
    const unit = value.charCodeAt(at);
    if (unit === 10 || unit === 13) return 'holds a line break, which would end it';
    if ((unit < 32 && unit !== 9) || unit === 127) return 'holds a control character';
    if (unit > 255)
      return `holds \`${String.fromCodePoint(value.codePointAt(at) ?? unit)}\`, which headers cannot carry`;
  }
  return undefined;
}

/** What keeps a cookie from being sent; undefined when nothing does. */
export function describeCookieMistake(name: string, value: string): string | undefined {
  if (!TOKEN.test(name)) return `the cookie \`${name}\` has a name that HTTP does not allow`;
  const problem = value.includes(';') ? 'holds `;`, which would end it' : describeHeaderValue(value);
  return problem === undefined ? undefined : `the cookie \`${name}\` ${problem}`;
}

function describeAuthorization(settings: HttpSettings, url: WireUrl): string | undefined {
  const { auth } = settings;
  if (auth?.bearer !== undefined) return `Bearer ${auth.bearer}`;
  if (auth?.basic) return encodeBasic(auth.basic.username, auth.basic.password);
  return url instanceof URL ? describeUserInfo(url) : undefined;
}

type Headers = [string, string][];

function addMultipart(parts: readonly Part[], headers: Headers): MultipartBody {
  const given = headers.find(([name]) => name.toLowerCase() === 'content-type');
  const body = encodeMultipart(parts, given?.[1]);
  const type = nameMultipartType(body, given?.[1]);
  if (given) given[1] = type;
  else headers.push(['content-type', type]);
  return body;
}

function addBody(settings: HttpSettings, headers: Headers, report: Pick<StepReport, 'note'>): string | undefined {
  const { body, type } = encodeBody(settings, report);
  if (type !== undefined && !hasHeader(headers, 'content-type')) headers.push(['content-type', type]);
  return body;
}

function encodeBody(settings: HttpSettings, report: Pick<StepReport, 'note'>): { body?: string; type?: string } {
  if (settings.form) {
    const body = new URLSearchParams(listTexts('form field', settings.form, report)).toString();
    return { body, type: 'application/x-www-form-urlencoded' };
  }
  const value = settings.body as Value | undefined;
  if (value === undefined || value === null) return {};
  return typeof value === 'string' ? { body: value } : { body: stringifyJson(value), type: JSON_TYPE };
}

/** What a service may have missed that refuses the type of a body: a text is sent as it is, with no type. */
export function describeMissingType({ body, headers }: WireRequest): string | undefined {
  if (typeof body !== 'string' || hasHeader(headers, 'content-type')) return undefined;
  const type = /^\s*[[{]/.test(body) ? 'application/json' : 'text/plain';
  return `the body, a text, was sent without a content-type: write it under \`headers\`, as \`content-type: ${type}\``;
}

function readCookies(cookies: HttpSettings['cookies'], report: Pick<StepReport, 'note'>): WireRequest['cookies'] {
  if (typeof cookies !== 'object') return NO_COOKIES;
  const read = new Map<string, string | null>();
  for (const [name, value] of Object.entries(cookies)) {
    const text = value === null ? null : String(value);
    const problem = describeCookieMistake(name, text ?? '');
    if (problem !== undefined) throw new ActionError({ kind: 'authoring', code: 'TM308', message: problem, hints: [] });
    if (text === null) report.note(`the cookie \`${name}\` is nil: not sent`);
    read.set(name, text);
  }
  return read;
}

function encodePairs(pairs: readonly (readonly [string, string])[]): string {
  return pairs.map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`).join('&');
}
