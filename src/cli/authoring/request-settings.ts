import { isMap, parseJson, setKey, type Value } from '../../expr/index.ts';
import { isSecretLike, isSecretName } from '../../util/secret-name.ts';
import type { CurlRequest } from './curl-words.ts';

/** A request as a flow says it. */
export interface WrittenRequest {
  /** Of `http_request`. */
  readonly config: Readonly<Record<string, Value>>;
  /** The variables that it reads, with their values. */
  readonly variables: ReadonlyMap<string, string>;
  /** Those of them that the flow does not hold. */
  readonly secrets: ReadonlyMap<string, string>;
}

/** The environment of this process, in which a secret may have its name already. */
type Env = Readonly<Record<string, string | undefined>>;

/** What is sent by itself, or holds for one sending alone. */
const OWN_HEADERS = new Set(['accept-encoding', 'content-length', 'host', 'connection', 'transfer-encoding']);
const SECRET_HEADERS = new Set(['authorization', 'cookie', 'proxy-authorization']);
const SHORTEST_KNOWN = 8;

/** Names for what a flow does not hold. */
class Secrets {
  readonly values = new Map<string, string>();
  readonly #env: Env;
  readonly #known: readonly (readonly [name: string, value: string])[];

  constructor(env: Env) {
    this.#env = env;
    this.#known = listSecrets(env);
  }

  /** A text with each secret of the environment under its name; what would be taken for a placeholder stays as it is. */
  write(text: string): string {
    const [name, value] = this.#known.find(([, secret]) => text.includes(secret)) ?? [];
    if (name === undefined || value === undefined) return keepMarks(text);
    const parts = text.split(value).map((part) => this.write(part));
    return parts.join(this.keep(name, value));
  }

  /** Keeps a value under a name of the environment that has it, else under its own, and gives the placeholder. */
  keep(word: string, value: string): string {
    const known = Object.entries(this.#env).find(
      ([word, text]) => text === value && value.length >= SHORTEST_KNOWN && /^[A-Z]\w*$/.test(word),
    )?.[0];
    const base =
      known ??
      (word
        .replaceAll(/\W+/g, '_')
        .replace(/^_+|_+$/g, '')
        .toUpperCase() ||
        'SECRET');
    const name = /^\d/.test(base) ? `SECRET_${base}` : base;
    let free = name;
    for (let number = 2; (this.values.get(free) ?? value) !== value; number++) free = `${name}_${number}`;
    this.values.set(free, value);
    return `{{${free}}}`;
  }
}

/** The settings that send what curl would, with what is secret under a name of its own. */
export function writeRequest(request: CurlRequest, env: Env): WrittenRequest {
  const secrets = new Secrets(env);
  const address = new URL(request.url);
  const { origin } = address;
  const config: Record<string, Value> = {
    method: request.method,
    url: `{{BASE_URL}}${writePath(request.url, secrets)}`,
    ...writeAuth(request, address, secrets),
    ...writeHeaders(request, secrets),
    ...writeCookies(request, secrets),
    ...writeBody(request, secrets),
    ...(!request.followsRedirects && { follow_redirects: false }),
    ...(request.isInsecure && { tls: { insecure: true } }),
  };
  return { config, variables: new Map([['BASE_URL', origin]]), secrets: secrets.values };
}

/** What stands behind the origin, with the values of secret parameters under their names. */
function writePath(url: string, secrets: Secrets): string {
  const [, path = '', query] = /^[a-z][\w+.-]*:\/\/[^/?#]*([^?#]*)(?:\?([^#]*))?/is.exec(url) ?? [];
  if (query === undefined) return secrets.write(path);
  const pairs = query.split('&').map((pair) => {
    const [, name = pair, value] = /^([^=]*)=(.*)$/s.exec(pair) ?? [];
    return value !== undefined && value !== '' && isSecretName(name)
      ? `${name}=${secrets.keep(name, value)}`
      : secrets.write(pair);
  });
  return `${secrets.write(path)}?${pairs.join('&')}`;
}

function writeAuth(request: CurlRequest, address: URL, secrets: Secrets): Readonly<Record<string, Value>> {
  const own =
    address.username === ''
      ? undefined
      : `${decodeURIComponent(address.username)}:${decodeURIComponent(address.password)}`;
  const header = findHeader(request, 'authorization');
  const [, basic] = /^basic\s+(\S+)$/i.exec(header ?? '') ?? [];
  const user = request.user ?? own ?? (basic && Buffer.from(basic, 'base64').toString());
  if (user) {
    const [, username = user, password = ''] = /^([^:]*):(.*)$/s.exec(user) ?? [];
    return { auth: { basic: { username: secrets.write(username), password: secrets.keep('PASSWORD', password) } } };
  }
  const [, bearer] = /^bearer\s+(\S+)$/i.exec(header ?? '') ?? [];
  return bearer === undefined ? {} : { auth: { bearer: secrets.keep('API_TOKEN', bearer) } };
}

function writeHeaders(request: CurlRequest, secrets: Secrets): Readonly<Record<string, Value>> {
  const isJson = readJsonBody(request) !== undefined;
  const headers: Record<string, Value> = {};
  for (const [name, value] of request.headers) {
    const word = name.toLowerCase();
    if (OWN_HEADERS.has(word) || (word === 'authorization' && /^(?:bearer|basic)\s+\S+$/i.test(value))) continue;
    // The body says it.
    if (
      word === 'content-type' &&
      (isJson ? /^application\/json$/i : /^application\/x-www-form-urlencoded$/i).test(value)
    )
      continue;
    if (word === 'content-type' && request.parts.length > 0) continue;
    headers[name] =
      SECRET_HEADERS.has(word) || /session/.test(word) || isSecretName(name)
        ? secrets.keep(name, value)
        : secrets.write(value);
  }
  return Object.keys(headers).length === 0 ? {} : { headers };
}

function writeCookies({ cookies }: CurlRequest, secrets: Secrets): Readonly<Record<string, Value>> {
  if (cookies === undefined || !cookies.includes('=')) return {};
  const pairs = cookies.split(/;\s*/).flatMap((pair): [string, string][] => {
    const [, name, value] = /^([^=]+)=(.*)$/s.exec(pair) ?? [];
    return name === undefined || value === undefined ? [] : [[name, secrets.keep(name, value)]];
  });
  return { cookies: Object.fromEntries(pairs) };
}

function writeBody(request: CurlRequest, secrets: Secrets): Readonly<Record<string, Value>> {
  const { body, parts } = request;
  if (parts.length > 0) return { multipart: gather(parts.map((part) => writePart(part, secrets))) };
  if (body === undefined) return {};
  const json = readJsonBody(request);
  if (json !== undefined) return { body: hideInside(json, secrets) };
  const isForm = /x-www-form-urlencoded/i.test(findHeader(request, 'content-type') ?? '');
  const fields = isForm && body.includes('=') ? [...new URLSearchParams(body)] : [];
  if (fields.length === 0) return { body: writeText(body, secrets) };
  return { form: gather(fields.map(([name, value]) => [name, hide(name, value, secrets)])) };
}

/** A name that stands several times has a list. */
function gather(fields: readonly (readonly [string, Value])[]): Value {
  const gathered = new Map<string, Value[]>();
  for (const [name, value] of fields) gathered.set(name, [...(gathered.get(name) ?? []), value]);
  return Object.fromEntries(
    [...gathered].map(([name, values]) => [name, values.length > 1 ? values : (values[0] ?? null)]),
  );
}

/** A body that is neither JSON nor a form, with the texts of secret elements of XML under their names. */
function writeText(body: string, secrets: Secrets): string {
  const pieces = body.split(/(<[\w:.-]+(?:\s[^<>]*)?>[^<>]+(?=<\/))/);
  return pieces
    .map((piece) => {
      const [, opening, name = '', text = ''] = /^(<(?:[\w.-]+:)?([\w.-]+)[^<>]*>)(.+)$/s.exec(piece) ?? [];
      if (opening === undefined || text.trim() === '') return secrets.write(piece);
      return `${secrets.write(opening)}${hide(name, text, secrets)}`;
    })
    .join('');
}

function writePart(part: string, secrets: Secrets): [string, Value] {
  const [, name = part, value = ''] = /^([^=]*)=(.*)$/s.exec(part) ?? [];
  const [, file] = /^@([^;]*)/.exec(value) ?? [];
  const [, type] = /;type=([^;]+)/.exec(value) ?? [];
  return [
    name,
    file === undefined ? hide(name, value, secrets) : { file, ...(type !== undefined && { content_type: type }) },
  ];
}

function readJsonBody({ body, headers }: CurlRequest): Value | undefined {
  const kind = headers.find(([name]) => name.toLowerCase() === 'content-type')?.[1] ?? '';
  // People leave the header out, and mean JSON all the same.
  if (body === undefined || !(/json/i.test(kind) || /^\s*[[{]/.test(body))) return undefined;
  try {
    return parseJson(body);
  } catch {
    return undefined;
  }
}

function hideInside(value: Value, secrets: Secrets): Value {
  if (Array.isArray(value)) return value.map((item) => hideInside(item, secrets));
  if (typeof value === 'string') return secrets.write(value);
  if (!isMap(value)) return value;
  const hidden: { [key: string]: Value } = {};
  for (const [key, inner] of Object.entries(value))
    setKey(hidden, key, typeof inner === 'string' ? hide(key, inner, secrets) : hideInside(inner, secrets));
  return hidden;
}

function hide(name: string, value: string, secrets: Secrets): string {
  return value !== '' && isSecretName(name) ? secrets.keep(name, value) : secrets.write(value);
}

function findHeader({ headers }: CurlRequest, wanted: string): string | undefined {
  return headers.find(([name]) => name.toLowerCase() === wanted)?.[1];
}

/** Of the environment, by their names; the longest first, for one may stand in another. */
function listSecrets(env: Env): [string, string][] {
  return Object.entries(env)
    .flatMap(([name, value]): [string, string][] =>
      value !== undefined && /^[A-Z]\w*$/.test(name) && isSecretLike(name, value) ? [[name, value]] : [],
    )
    .sort(([, one], [, other]) => other.length - one.length);
}

/** The path of an address for people to read, with the names of secrets in it. */
export function namePath(url: string, env: Env): string {
  const path = new URL(url).pathname;
  return listSecrets(env).reduce(
    (text, [name, value]) => text.replaceAll(value, name).replaceAll(encodeURIComponent(value), name),
    path,
  );
}

/** What would be taken for a placeholder stays as it is. */
function keepMarks(text: string): string {
  return text.replaceAll(/\{\{|\$\{|<<(?=\w)/g, (mark) => `\\${mark}`);
}
