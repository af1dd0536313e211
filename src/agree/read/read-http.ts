import { isMap, parseJson, type Value } from '../../expr/index.ts';
import type { HttpExchange } from '../../model/exchange.ts';
import { joinType, splitWords } from '../words/type-name.ts';
import { type Look, type Root, readId, type Said } from './look.ts';
import { findOwnId, type GuessTypes, readRecords } from './read-records.ts';

const MAX_BODY = 4_000_000;
/** What an answer says that only promises to do it later. */
const ACCEPTED = 202;

/** Reads what a request said of things, and its answer; nothing of one that was refused. */
export function readHttp(exchange: HttpExchange, look: Look): Said {
  const { request, response } = exchange;
  const said: Said = { sayings: [], lists: [] };
  if (!response || response.status < 200 || response.status > 299 || response.status === ACCEPTED) return said;
  const url = readUrl(request.url);
  if (asksForVariant(request, url)) return said;
  const place = `${request.method} ${url?.pathname ?? request.url}`;
  const common = { look, bearing: 'whole' } as const;
  const guess = guessBy(url);
  const answered = parseBody(response.body);
  if (answered !== undefined) {
    const source = `${request.method} ${url?.origin ?? ''}${url?.pathname ?? request.url}`;
    const title = `answer of ${place}`;
    add(said, { ...common, kind: 'answer', source, title, path: 'body', value: answered }, guess);
  }
  const sent = request.body?.kind === 'text' ? parseBody(request.body.text) : undefined;
  if (sent !== undefined) {
    const source = `request ${look.index}`;
    const title = `request ${place}`;
    add(said, { ...common, kind: 'request', source, title, path: 'request.body', value: sent }, guess);
  }
  return said;
}

/** Keys by which the same thing is asked for in another form, or as it was at another time. */
const VARIANT =
  /^(?:lang|language|locale|currency|units?|unit_?system|format|tz|time_?zone|as_?of|at|version|revision|view|representation|projection)$/i;
const VARIANT_HEADER =
  /^(?:accept-(?:language|currency|datetime)|x-(?:locale|lang(?:uage)?|currency|units?|time-?zone))$/i;

function asksForVariant({ headers }: HttpExchange['request'], url: URL | undefined): boolean {
  return (
    [...(url?.searchParams.keys() ?? [])].some((key) => VARIANT.test(key)) ||
    headers.some(({ name }) => VARIANT_HEADER.test(name))
  );
}

/** The ids of what an answer as a whole is about: its own, or where it has none those of what it holds (`{order: {id: 7}}`). */
export function listShownIds({ response }: HttpExchange): readonly string[] {
  const body = parseBody(response?.body) ?? null;
  if (!isMap(body)) return [];
  const own = findOwnId(body);
  if (own !== undefined) return [own];
  return Object.values(body).flatMap((value) => (isMap(value) ? (findOwnId(value) ?? []) : []));
}

function add(said: Said, root: Root, guess: GuessTypes): void {
  const { sayings, lists } = readRecords(root, guess);
  said.sayings.push(...sayings);
  said.lists.push(...lists);
}

function readUrl(url: string): URL | undefined {
  return URL.canParse(url) ? new URL(url) : undefined;
}

function parseBody(text: string | undefined): Value | undefined {
  if (text === undefined || text.length > MAX_BODY || !/^\s*[[{]/.test(text)) return undefined;
  try {
    return parseJson(text);
  } catch {
    return undefined;
  }
}

/** By the path: `/orders/7` and `/orders` are about orders; what `/orders/7/cancel` answers may be about something else. */
function guessBy(url: URL | undefined): GuessTypes {
  const segments = (url?.pathname ?? '').split('/').filter((segment) => segment !== '');
  return (id) => {
    const at = segments.findIndex((segment) => readId(decode(segment)) === id);
    if (at !== -1 && at < segments.length - 1) return [];
    const name = segments[at === -1 ? segments.length - 1 : at - 1];
    if (name === undefined || /^v?\d/.test(name) || /\d{3}/.test(name)) return [];
    return [joinType(splitWords(name.replace(/\.json$/, '')))];
  };
}

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
