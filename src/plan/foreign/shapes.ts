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
  const named = /^\//.test(first) && itemKeys.includes('path') ? `path: ${first}` : `${itemKeys[0]}: …`;
  const item = isItem
    ? given
        .slice(0, MOST_NAMES)
        .map((key) => `${quote(key)}: …`)
        .join(', ')
    : `${named}, …`;
  return `write a list: \`${setting}: [{${item}}]\``;
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
  if (/^oauth/.test(type) || has('oauth2', 'oauth', 'clientid', 'clientsecret', 'tokenurl', 'granttype'))
    return `take the token in a step of its own, with a POST to the token's address and \`output: {TOKEN: $.body.access_token}\`, and write \`auth: {bearer: "{{TOKEN}}"}\``;
  if (/^(?:digest|ntlm|hawk|aws|negotiate|kerberos)/.test(type) || has('digest', 'ntlm', 'hawk', 'awsv4', 'negotiate'))
    return OTHERS;
  if (/^api_?key/.test(type) || has('apikey', 'in') || (has('key') && has('value'))) return suggestApiKey(value);
  if (/^(?:bearer|jwt|token)/.test(type) || has('token', 'bearertoken', 'accesstoken', 'jwt')) return BEARER;
  return /^basic/.test(type) || (has('username', 'user', 'login') && has('password', 'pass')) ? BASIC : undefined;
}

const BASIC = 'write `auth: {basic: {username: …, password: …}}`';
const BEARER = 'write `auth: {bearer: "{{TOKEN}}"}`';

const OTHERS = 'there is `basic`, `bearer` and `api_key`; what else a service wants is a header, under `headers:`';

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
