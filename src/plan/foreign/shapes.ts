/** So many names are written out. */
const MOST_NAMES = 5;
/** Words for the name of a thing in a list of such. */
const NAME_WORDS = ['name', 'key', 'header', 'field', 'param', 'id'];
const NAME = /^[\w$][\w$.[\]-]*$/;

/** How a map of names and values is written that was given as a list of pairs or as text, as other tools have it; never with a value. */
export function suggestNamedMap(setting: string, value: unknown): string | undefined {
  const names = [...new Set(typeof value === 'string' ? readText(value) : Array.isArray(value) ? readList(value) : [])];
  if (names.length === 0) return undefined;
  const written = names.slice(0, MOST_NAMES).map((name) => `${quote(name)}: …`);
  return `write it as a map: \`${setting}: {${[...written, ...(names.length > MOST_NAMES ? ['…'] : [])].join(', ')}}\``;
}

/** How a list of maps is written that was given as the map of its only item, or with the names of its items as keys. */
export function suggestListOfMaps(setting: string, value: unknown, itemKeys: readonly string[]): string | undefined {
  if (!isPlainMap(value) || itemKeys.length === 0) return undefined;
  const given = Object.keys(value);
  if (given.length === 0) return undefined;
  const isItem = given.some((key) => itemKeys.includes(key));
  const [first = ''] = given;
  const route = isItem ? undefined : writeListRoute(first, value[first], itemKeys);
  if (route !== undefined) return `write a list of routes: \`${setting}: [${route}]\``;
  const named =
    /^\//.test(first) && itemKeys.includes('path')
      ? `path: ${first}`
      : `${itemKeys[0]}: ${itemKeys[0] === 'name' ? quote(first) : '…'}`;
  const item = isItem
    ? given
        .slice(0, MOST_NAMES)
        .map((key) => `${quote(key)}: …`)
        .join(', ')
    : `${named}, …`;
  return `write a list: \`${setting}: [{${item}}]\``;
}

/** How the routes of a stub are written where a list of answers stands under its name beside them: `users: [{id: 1}]`. */
export function suggestListRoute(name: string, value: unknown, known: readonly string[]): string | undefined {
  if (!known.includes('routes')) return undefined;
  const route = writeListRoute(name, value, ['path', 'response']);
  return route && `a stub has routes: write \`routes: [${route}]\``;
}

function writeListRoute(name: string, value: unknown, keys: readonly string[]): string | undefined {
  const isOfRoute = keys.includes('path') && keys.includes('response');
  if (!isOfRoute || !Array.isArray(value) || !/^\w[\w-]*$/.test(name)) return undefined;
  return `{path: /${name}, response: {body: [{…}]}}`;
}

/** How a key is written that stands below another where names and values are wanted: `query: {b: {c: 1}}`. */
export function suggestNestedName([setting = '', name = '']: readonly string[], value: unknown): string | undefined {
  if (!isPlainMap(value)) return undefined;
  const [key] = Object.keys(value);
  if (key === undefined || /^(?:value|file|absent)$/.test(key)) return `write \`${quote(name)}: …\`, the value alone`;
  return setting === 'query' || setting === 'form' ? `write \`"${name}[${key}]": …\`` : undefined;
}

/** How a number of things is written that was given as a comparison: `count: ">= 2"`. */
export function suggestRange(setting: string, value: unknown, keys: readonly string[]): string | undefined {
  if (typeof value !== 'string' || !keys.includes('min') || !keys.includes('max')) return undefined;
  const [, sign = '', digits = '', plus, most] =
    /^\s*([<>=]=?|)\s*(\d{1,9})\s*(\+)?(?:(?:-|\.\.)\s*(\d{1,9}))?\s*$/.exec(value) ?? [];
  const isNumber = sign === '' && plus === undefined && most === undefined;
  if (digits === '' || isNumber) return undefined;
  const count = Number(digits);
  if (most !== undefined) return `write \`${setting}: {min: ${count}, max: ${most}}\``;
  if (plus !== undefined || sign === '>=') return `write \`${setting}: {min: ${count}}\``;
  if (sign === '>') return `write \`${setting}: {min: ${count + 1}}\``;
  if (sign === '<=') return `write \`${setting}: {max: ${count}}\``;
  return sign === '<' && count > 0 ? `write \`${setting}: {max: ${count - 1}}\`` : `write \`${setting}: ${count}\``;
}

/** How a setting is written whose value another tool has in another shape; `keys` are those that it may have. */
export function suggestOneValue(setting: string, value: unknown, keys: readonly string[]): string | undefined {
  const isMap = isPlainMap(value);
  if (typeof value === 'string') return suggestForText(setting, value, keys);
  if (typeof value === 'number' || typeof value === 'boolean') return suggestForScalar(setting, value, keys);
  if (setting === 'connection' && isMap) return DSN;
  if (setting === 'proxy' && isMap) return 'write its address: `proxy: http://host:3128`';
  if (setting === 'url' && isMap) return 'write the address as one text: `url: "http://host/path"`';
  if (setting === 'query' && Array.isArray(value))
    return 'write one statement, or several in one text with `;` between them';
  if (setting === 'method' && Array.isArray(value))
    return 'a route without `method` takes any; otherwise write one for each';
  if (CONDITIONS.has(setting) && isMap) return suggestCondition(setting, value);
  const [only, ...more]: readonly unknown[] = Array.isArray(value) ? value : [];
  if (!isPlainMap(only) || more.length > 0 || !Object.keys(only).some((key) => keys.includes(key))) return undefined;
  return `write one map: \`${setting}: {${Object.keys(only)
    .slice(0, MOST_NAMES)
    .map((key) => `${quote(key)}: …`)
    .join(', ')}}\``;
}

const OF_ROUNDS: ReadonlyMap<string, string> = new Map([
  ['max', 'write `max: 20`, the most rounds that there may be'],
  ['carry', 'write each name with its first value: `carry: {cursor: ""}`'],
  ['until', 'write one condition: `until: cursor == nil`'],
  ['while', 'write one condition: `while: cursor != nil`'],
]);

/** How a setting of a loop that hands values on is written; `keys` are those that it has. */
export function suggestForRounds(setting: string, keys: readonly string[]): string | undefined {
  return keys.includes('carry') ? OF_ROUNDS.get(setting) : undefined;
}

/** How the address of a database is written. */
export const DSN = 'write one address: `connection: "postgres://user:password@host:5432/database"`';
const CONDITIONS = new Set(['until', 'where', 'condition', 'when', 'fail_when']);
const STARTS: Readonly<Record<string, string>> = {
  latest: 'now',
  end: 'now',
  newest: 'now',
  beginning: 'earliest',
  start: 'earliest',
  oldest: 'earliest',
  first: 'earliest',
};

function suggestForText(setting: string, value: string, keys: readonly string[]): string | undefined {
  const [, method, path] = /^([A-Z]+)\s+(\/\S*)$/.exec(value) ?? [];
  if (setting === 'path' && path !== undefined) return `write \`method: ${method}\` and \`path: ${path}\``;
  const start = setting === 'since' ? STARTS[value.toLowerCase()] : undefined;
  if (start !== undefined) return `write \`since: ${start}\``;
  if (setting === 'effects' && /^(?:none|nothing|no)$/i.test(value)) return 'write `effects: {others: none}`';
  if (keys.includes('where')) return `write \`${setting}: {where: …}\` for a condition`;
  if (keys.includes('mechanism')) return `write \`${setting}: {mechanism: plain, username: …, password: …}\``;
  return setting === 'params' ? 'write `params: […]`, one for each `$1`' : undefined;
}

function suggestForScalar(setting: string, value: number | boolean, keys: readonly string[]): string | undefined {
  if (keys.includes('max_attempts') && value !== false)
    return `write \`${setting}: {max_attempts: ${value === true ? 3 : value}}\``;
  if (keys.includes('insecure'))
    return value === true
      ? 'leave it out: `https://` in the address is enough'
      : 'write `tls: {insecure: true}` to take any certificate';
  if (typeof value === 'boolean') return undefined;
  if (keys.includes('status') && value >= 100) return `write \`${setting}: {status: ${value}}\``;
  if (setting === 'items') return `for numbers write \`items: "{{1..${value}}}"\``;
  return setting === 'params' ? `write \`params: [${value}]\`` : undefined;
}

function suggestCondition(setting: string, value: Readonly<Record<string, unknown>>): string | undefined {
  const pairs = Object.entries(value);
  if (pairs.length === 0 || !pairs.every(([key, one]) => NAME.test(key) && (one === null || typeof one !== 'object')))
    return undefined;
  const written = pairs
    .slice(0, MOST_NAMES)
    .map(([key, one]) => `${key} == ${JSON.stringify(one)}`)
    .join(' and ');
  return written.length > 80 ? undefined : `write it as an expression: \`${setting}: '${written}'\``;
}

/** How one who asks is written under `auth`, by what other tools call it; undefined where it is not clear. */
export function suggestAuth(value: unknown): string | undefined {
  if (typeof value === 'string') return suggestAuthOfText(value);
  if (Array.isArray(value)) return value.length === 2 ? BASIC : undefined;
  if (!isPlainMap(value)) return undefined;
  const keys = new Set(Object.keys(value).map(fold));
  const [type = ''] = ['type', 'scheme', 'kind', 'method'].flatMap((key) =>
    typeof value[key] === 'string' ? [fold(value[key])] : [],
  );
  const has = (...words: readonly string[]): boolean => words.some((word) => keys.has(word));
  if (/^oauth/.test(type) || has('oauth2', 'oauth', 'clientid', 'clientsecret', 'tokenurl', 'granttype')) return OAUTH2;
  if (/^(?:digest|ntlm|hawk|aws|negotiate|kerberos)/.test(type) || has('digest', 'ntlm', 'hawk', 'awsv4', 'negotiate'))
    return OTHERS;
  if (/^api_?key/.test(type) || has('apikey', 'in') || (has('key') && has('value'))) return suggestApiKey(value);
  if (/^(?:bearer|jwt|token)/.test(type) || has('token', 'bearertoken', 'accesstoken', 'jwt')) return BEARER;
  return /^basic/.test(type) || (has('username', 'user', 'login') && has('password', 'pass')) ? BASIC : undefined;
}

const BASIC = 'write `auth: {basic: {username: …, password: …}}`';
const BEARER = 'write `auth: {bearer: "{{TOKEN}}"}`';

const OAUTH2 =
  'write `auth: {oauth2: {token_url: …, client_id: …, client_secret: "{{SECRET}}"}}`; other grants take the token in a step of their own, for `auth: {bearer: "{{TOKEN}}"}`';
const OTHERS =
  'there is `basic`, `bearer`, `api_key` and `oauth2`; what else a service wants is a header, under `headers:`';

function suggestAuthOfText(text: string): string | undefined {
  if (/^basic\s/i.test(text) || /^[^\s:]+:[^\s:]+$/.test(text)) return BASIC;
  return /^digest\s/i.test(text) ? OTHERS : BEARER;
}

function suggestApiKey(value: Readonly<Record<string, unknown>>): string {
  const place = ['in', 'addTo', 'add_to'].some((key) => /query|param/i.test(String(value[key]))) ? 'query' : 'header';
  const name = ['key', 'name', 'header'].map((key) => value[key]).find((one) => typeof one === 'string');
  // What looks like no name may be the key itself.
  const shown = typeof name === 'string' && /^[A-Za-z]+(?:[-_][A-Za-z]+)*$/.test(name) && name.length < 30;
  return `write \`auth: {api_key: {${place}: ${shown ? name : 'X-Api-Key'}, value: …}}\``;
}

function readText(text: string): readonly string[] {
  const trimmed = text.trim();
  const isPairs = /^[^\s=:]+=/.test(trimmed);
  const parts = isPairs ? trimmed.replace(/^\?/, '').split(/[&;]\s*/) : trimmed.split(/\r?\n/);
  const names = parts
    .filter((part) => part.trim() !== '')
    .map((part) => part.trim().split(isPairs ? '=' : ':')[0] ?? '');
  return (isPairs || trimmed.includes(':')) && names.every((name) => NAME.test(name)) ? names : [];
}

function readList(items: readonly unknown[]): readonly string[] {
  const names = items.map(readItem);
  return names.every((name) => name !== undefined && NAME.test(name)) ? names.map(String) : [];
}

function readItem(item: unknown): string | undefined {
  if (typeof item === 'string') return readText(item)[0];
  if (Array.isArray(item)) return item.length === 2 && typeof item[0] === 'string' ? item[0] : undefined;
  if (!isPlainMap(item)) return undefined;
  const word = NAME_WORDS.find((key) => typeof item[key] === 'string');
  const keys = Object.keys(item);
  if (word !== undefined && keys.length > 1) return String(item[word]);
  return keys.length === 1 ? keys[0] : undefined;
}

function quote(name: string): string {
  return /^[A-Za-z_][\w.-]*$/.test(name) ? name : JSON.stringify(name);
}

function isPlainMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return (
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    Object.getPrototypeOf(value) === Object.prototype
  );
}

function fold(word: string): string {
  return word.replaceAll(/[_-]/g, '').toLowerCase();
}
