import { createCaselessMap, setKey, type Value, type ValueMap } from '../../expr/index.ts';
import { decodeBody, readMediaType } from '../http/body.ts';

/** A request as it came. */
export interface Arrival {
  readonly method: string;
  /** Path and query. */
  readonly target: string;
  /** Names and values in turn, as they stood. */
  readonly rawHeaders: readonly string[];
  readonly body: Buffer;
  /** ms since 1970. */
  readonly atMs: number;
}

/** A request that a stub got, as flows see it. */
export interface StubRequest extends ValueMap {
  readonly method: string;
  readonly path: string;
  readonly query: ValueMap;
  readonly headers: ValueMap;
  /** JSON as its value, text as it is, other bytes as base64, nil when there is none. */
  readonly body: Value;
  /** The fields of a form; empty for any other body. */
  readonly form: ValueMap;
  /** What stood in the place of the route's parameters. */
  readonly params: ValueMap;
  /** ISO 8601. */
  readonly at: string;
  /** `GET /users/:id`; nil when no route took it. */
  readonly matched_route: string | null;
}

/** One whose route is yet to be found. */
export type MutableRequest = { -readonly [Key in keyof StubRequest]: StubRequest[Key] };

const FORM = 'application/x-www-form-urlencoded';
const NONE: ValueMap = {};
const MAX_BODY_BYTES = 64 * 1024;
const NO_BODY = Buffer.alloc(0);

/** Reads a request that no route took yet; what nobody looks at is never made. */
export function readRequest({ method, target, rawHeaders, body, atMs }: Arrival): MutableRequest {
  const mark = target.indexOf('?');
  let texts: ReadonlyMap<string, string> | undefined;
  let headers: ValueMap | undefined;
  let query: ValueMap | undefined;
  let form: ValueMap | undefined;
  let value: Value | undefined;
  const readTexts = () => (texts ??= readHeaders(rawHeaders));
  const readForm = (): ValueMap =>
    readMediaType(readTexts().get('content-type')) === FORM ? readPairs(body.toString('utf8')) : NONE;
  return {
    method,
    path: pathOf(target),
    get query() {
      query ??= mark === -1 ? NONE : readPairs(target.slice(mark + 1));
      return query;
    },
    get headers() {
      headers ??= createCaselessMap(readTexts());
      return headers;
    },
    get body() {
      if (value === undefined)
        value = body.length === 0 ? null : decodeBody(body, readTexts().get('content-type')).body;
      return value;
    },
    get form() {
      form ??= readForm();
      return form;
    },
    params: NONE,
    get at() {
      return new Date(atMs).toISOString();
    },
    matched_route: null,
  };
}

/**
 * A request as it came, with what its route made of it: what flows see of it is made when somebody looks. There are many, so that
 * each is small: its head is one text, its body has few bytes beside its own, and all who keep it share it.
 */
export interface KeptRequest extends Pick<Arrival, 'method' | 'target' | 'body' | 'atMs'> {
  /** The names and values of its headers, a line each. */
  readonly head: string;
  readonly params: StubRequest['params'];
  readonly route: string | null;
  /** Of a body that is too large to be kept: its bytes. */
  readonly leftOut: number;
}

/** Makes of a request what is kept of it; a body that is too large is not. */
export function keepRequest(
  { method, target, rawHeaders, body, atMs }: Arrival,
  { params, matched_route: route }: Pick<StubRequest, 'params' | 'matched_route'>,
): KeptRequest {
  const isLarge = body.length > MAX_BODY_BYTES;
  return {
    ...{ method, target, atMs, params, route },
    head: rawHeaders.join('\n'),
    body: isLarge || body.length === 0 ? NO_BODY : trim(body),
    leftOut: isLarge ? body.length : 0,
  };
}

/** A body holds all in memory that came with it: where that is much more than itself, it is better copied. */
function trim(body: Buffer): Buffer {
  return body.buffer.byteLength > 2 * body.length + 1_000 ? Buffer.from(body) : body;
}

const KEPT = Symbol('testmesh.keptRequest');

type View = StubRequest & { readonly [KEPT]: KeptRequest };

/** What a request was read into last: to whom looks at one part after the other, each is made once. */
let last: { readonly kept: KeptRequest; readonly request: StubRequest } | undefined;

/** The getters of all views are the same, so that a view takes no more room than its few fields. */
const PARTS = Object.fromEntries(
  (['query', 'headers', 'body', 'form'] as const).map((part) => [
    part,
    {
      get(this: View) {
        return readKept(this[KEPT])[part];
      },
      enumerable: true,
    },
  ]),
);

/** Makes of what is kept what flows see. There may be thousands of them: nothing that is made of a part stays. */
export function viewRequest(kept: KeptRequest): StubRequest {
  const { method, target, atMs, params, route } = kept;
  const view = Object.defineProperties({ method, path: pathOf(target) }, PARTS);
  Object.defineProperty(view, KEPT, { value: kept });
  const rest = { params, at: new Date(atMs).toISOString(), matched_route: route };
  return Object.assign(view, rest) as unknown as StubRequest;
}

function readKept(kept: KeptRequest): StubRequest {
  if (last?.kept !== kept) last = { kept, request: restoreRequest(kept) };
  return last.request;
}

function restoreRequest({ method, target, head, body, atMs, leftOut }: KeptRequest): StubRequest {
  const request = readRequest({ method, target, rawHeaders: head === '' ? [] : head.split('\n'), body, atMs });
  return leftOut === 0 ? request : { ...request, body: `(${leftOut} bytes, not kept)` };
}

/** The path of a request, without its query. */
export function pathOf(target: string): string {
  const mark = target.indexOf('?');
  return mark === -1 ? target : target.slice(0, mark);
}

const TRACE_ID = /^[0-9a-f]{2}-([0-9a-f]{32})-/;
const FLOW_TRACE = /(?:^|,)\s*testmesh\.trace=([0-9a-f]{32})/;

/** The traces that a request says it belongs to, the nearest first: that of `traceparent`, and that of the flow in `baggage`. */
export function readTraceIds(rawHeaders: readonly string[]): readonly string[] {
  const ids: string[] = [];
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const name = rawHeaders[at] ?? '';
    if (name.length !== 11 && name.length !== 7) continue;
    const lower = name.toLowerCase();
    const value = rawHeaders[at + 1] ?? '';
    const own = lower === 'traceparent' ? TRACE_ID.exec(value)?.[1] : undefined;
    const flow = lower === 'baggage' ? FLOW_TRACE.exec(value)?.[1] : undefined;
    if (own !== undefined) ids.unshift(own);
    if (flow !== undefined) ids.push(flow);
  }
  return ids;
}

function readHeaders(raw: readonly string[]): ReadonlyMap<string, string> {
  const headers = new Map<string, string>();
  for (let at = 0; at < raw.length; at += 2) {
    const name = (raw[at] ?? '').toLowerCase();
    const before = headers.get(name);
    const value = raw[at + 1] ?? '';
    headers.set(name, before === undefined ? value : `${before}${name === 'cookie' ? '; ' : ', '}${value}`);
  }
  return headers;
}

/** A name that comes several times has a list. */
function readPairs(text: string): ValueMap {
  const pairs: Record<string, Value> = {};
  const params = new URLSearchParams(text);
  for (const name of new Set(params.keys())) {
    const values = params.getAll(name);
    setKey(pairs, name, values.length === 1 ? (values[0] ?? '') : values);
  }
  return pairs;
}
