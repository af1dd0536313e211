import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);

/** Stands in reports where nobody is to see what there is. */
export const MASK = '***';

/** `password`, and the same again or what is made of it: `passwordRepeat`, `password2`, `password_hash`. */
const WORD = String.raw`(?:password|passwd)(?:[_-]?(?:confirm(?:ation|ed)?|repeat(?:ed)?|again|verif(?:y|ication)|hash(?:ed)?|digest|salt|new|old|\d{1,2}))?`;
const PASSWORD = new RegExp(String.raw`${WORD}["'\]]*$`, 'i');
const AUTHORIZATION = /(?:^|[."'\s])(?:proxy-)?authorization["'\]]*$/i;
/** `passwd=x` */
const SHORTEST = 8;
const ANY = /passw|authorization/i;

const SCHEME =
  /^(?:Basic|Bearer|Digest|DPoP|GNAP|Hawk|HOBA|JWT|Key|Mutual|Negotiate|NTLM|OAuth|Private-?Token|SharedKey|Token|Api-?Key|SCRAM-SHA-\d+|AWS4-HMAC-SHA256)(?= +\S)/i;

/** `"password": "…"` in JSON, and in JSON that is a text of JSON; the end may be cut off. */
const KEY = String.raw`[\w.[\]-]*(?:${WORD}\]?|authorization)`;
const IN_JSON = new RegExp(String.raw`("${KEY}"\s*:\s*)(?:"((?:[^"\\]|\\.)+)|-?\d[\d.]*)`, 'gis');
const IN_JSON_TEXT = new RegExp(
  String.raw`(\\"${KEY}\\"\s*:\s*)(?:\\"((?:[^"\\]|\\{2,}.|\\[^"\\])+)|-?\d[\d.]*)`,
  'gis',
);
const IN_FORM = new RegExp(String.raw`((?:^|[?&;"'${'`'}])[\w.[\]%-]*${WORD}(?:\]|%5D)*=)(?!=)[^&;#\s"'<>]+`, 'gi');
const TAG = String.raw`<(?:[\w-]+:)?[\w-]*${WORD}(?:\s[^<>]*)?>`;
/** Among words, as in `AUTH <password> called without any`, a tag that a blank follows and nothing closes is none. */
const IN_XML = new RegExp(String.raw`(?=<)(?:(?<=(?:^|>)\s*)|(?=${TAG}(?:[^\s<]|[^<]*<\/)))(${TAG})[^<]+`, 'gi');

/** Whether a field of a body, by its name or the path to it, holds what nobody is to see, whatever it is. */
export function isPasswordName(name: string): boolean {
  return PASSWORD.test(name);
}

/** Whether a header says who one is. */
export function isAuthorizationName(name: string): boolean {
  return AUTHORIZATION.test(name);
}

/** A value without what nobody is to see by its name, or the path to it: a text or number, and those of a list. */
export function hideByName<T>(name: string, value: T): T | string {
  if (!ANY.test(name)) return value;
  if (typeof value === 'string' && value !== '' && value !== MASK) {
    if (isPasswordName(name)) return MASK;
    if (isAuthorizationName(name)) return describeCredential(value);
  }
  if (typeof value === 'number' && isPasswordName(name)) return MASK;
  const isHidden = Array.isArray(value) && (isPasswordName(name) || isAuthorizationName(name));
  return isHidden ? (value.map((item: unknown) => hideByName(name, item)) as T) : value;
}

/** Whether a text holds a word by which something is hidden. */
export function mayHideFields(text: string): boolean {
  return ANY.test(text);
}

/** A text with the mask in the place of each password in the JSON, form, query or XML that it is or quotes. */
export function hideFields(text: string): string {
  if (text.length < SHORTEST || !ANY.test(text)) return text;
  const inJson = (_: string, head: string, content?: string): string =>
    content === undefined ? `${head}${MASK}` : `${head}${head.startsWith('\\') ? '\\"' : '"'}${MASK}`;
  return text
    .replaceAll(IN_JSON, inJson)
    .replaceAll(IN_JSON_TEXT, inJson)
    .replaceAll(IN_FORM, `$1${MASK}`)
    .replaceAll(IN_XML, `$1${MASK}`);
}

/** A key of YAML with a value behind it on its line, without one that begins a map, a list or a block, or is a path. */
const IN_YAML = /(["']?)([\w-]+)\1(:\s+)("(?:[^"\\]|\\.)*"?|'(?:[^']|'')*'?|[^\s"'{}[\],#$&*!|>%@`][^,{}[\]#]*)/g;
const SAYS_WHO = /^(?:(?:proxy-)?authorization|bearer|passphrase)$/i;

/** `name: Authorization, value: …`, as other tools list headers. */
const LISTED =
  /((?:name|key)["']?:\s+["']?(?:(?:proxy-)?authorization|[\w.-]*passw(?:or)?d)["']?,\s*["']?value["']?:\s+)("[^"]*"?|'[^']*'?|[^\s"'{}[\],][^,{}[\]]*)/gi;

/** A line of YAML with as many stars in the place of each password, or what says who one is, that is written out in it. */
export function hideWritten(line: string): string {
  if (!/passw|authorization|bearer|passphrase/i.test(line)) return line;
  const listed = line.replaceAll(LISTED, (whole: string, head: string, value: string) =>
    /\{\{|\$\{|<</.test(value)
      ? whole
      : `${head}${'*'.repeat(value.trimEnd().length)}${' '.repeat(value.length - value.trimEnd().length)}`,
  );
  return listed.replaceAll(IN_YAML, (whole: string, quote: string, key: string, gap: string, value: string) => {
    const isHidden = isPasswordName(key) || SAYS_WHO.test(key);
    // A text that holds such lines itself: `headers: "Authorization: Bearer x"`.
    if (!isHidden && /^["']/.test(value))
      return `${quote}${key}${quote}${gap}${value.charAt(0)}${hideWritten(value.slice(1, -1))}${value.slice(-1)}`;
    if (!isHidden || /\{\{|\$\{|<</.test(value)) return whole;
    const shown = value.trimEnd();
    // What follows is a placeholder.
    if (schemeOf(`${shown} x`) === shown) return whole;
    return `${quote}${key}${quote}${gap}${'*'.repeat(shown.length)}${value.slice(shown.length)}`;
  });
}

/** What `hideFields` hides in a text, as it is meant. */
export function listHiddenIn(text: string): readonly string[] {
  if (text.length < SHORTEST || !ANY.test(text)) return [];
  const quoted = [IN_JSON, IN_JSON_TEXT].flatMap((kind) =>
    [...text.matchAll(kind)].map(({ 2: content = '' }) => content),
  );
  const plain = [IN_FORM, IN_XML].flatMap((kind) =>
    [...text.matchAll(kind)].map(([whole, head = '']) => whole.slice(head.length)),
  );
  return [...quoted.flatMap((content) => [content, unquote(content)]), ...plain, ...plain.map(readForm)];
}

function unquote(content: string): string {
  try {
    return String(JSON.parse(`"${content}"`));
  } catch {
    return content;
  }
}

function readForm(content: string): string {
  try {
    return decodeURIComponent(content.replaceAll('+', ' '));
  } catch {
    return content;
  }
}

/** The scheme of an `authorization`, such as `Bearer`; empty when it has none that is known: a token may hold blanks. */
export function schemeOf(authorization: string): string {
  return SCHEME.exec(authorization)?.[0] ?? '';
}

const SHOWN = /^\*{3} \(\d+ characters, SHA-256 [\da-f]{8}\)$/;

/** What may be shown of a credential, so that two can be told apart: scheme, length and the first 8 digits of its SHA-256, unless a part of it is masked. */
export function describeCredential(authorization: string, scheme = schemeOf(authorization)): string {
  const token = authorization.slice(scheme.length).trimStart();
  if (token === '') return authorization;
  const begin = scheme === '' ? '' : `${scheme} `;
  // Of what is masked already nothing is known, and the digest of a mask would be that of all others.
  if (token.includes(MASK)) return SHOWN.test(token) ? authorization : `${begin}${MASK}`;
  const { createHash }: typeof import('node:crypto') = require('node:crypto');
  const digest = createHash('sha256').update(token).digest('hex').slice(0, 8);
  return `${begin}${MASK} (${token.length} characters, SHA-256 ${digest})`;
}
