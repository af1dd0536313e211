import { MASK } from '../../util/hidden-fields.ts';

/**
 * `scheme://user:password@host:port/database`, wherever it stands. A password has no blank, quote, `/`, `?` or `#`; where one of these
 * stands before an `@` all the same, and what is before it is no port, nobody escaped it.
 */
const ADDRESS =
  /(?<=([a-z][a-z0-9+.-]*):\/\/)([^\s:/?#@"[]*):([^\s/?#"]+(?=@)|[^\s"]{1,200})(?=@([^\s:/?#"'`@]*)(?::\d+)?(?:\/([^\s?#"'`]*))?)/gi;
const MARK = /@|password=/i;
const NONE: readonly string[] = [];
const PORT = /^\d{1,5}[/?#]/;
/** Behind the host of their addresses there is no `@`. */
const DATABASE = /^(?:postgres(?:ql)?|mysql|mariadb|rediss?)$/i;
const PARAMETER = /(?<=[?&]password=)[^\s&#"'`]+/gi;
/** `password=…` or `Pwd=…` among other words of an address without a scheme, as libpq and the drivers of .NET read it. */
const WORD = /((?:^|[\s;"'`])(?:password|pwd)\s*=\s*)('(?:[^'\\]|\\.|'')+'|[^\s;"'`=][^\s;"'`]*)/gi;
const OTHER_WORD = /(?:^|[\s;"'`])(?:host|hostaddr|user|dbname|server|data source)\s*=/i;
const SHORTEST_PASSWORD = 8;
/** What nobody escaped may hold an `@` itself: so many readings of it are looked for. */
const MOST_READINGS = 4;

/** Passwords of the addresses in a text that may be looked for in others: not short ones, nor what user, host or database are called. */
export function findPasswords(text: string): readonly string[] {
  const [hasUrl, hasWord] = [mayHoldUrl(text), mayHoldWord(text)];
  if (!hasUrl && !hasWord) return NONE;
  const found: string[] = [];
  if (hasUrl) {
    found.push(...(text.match(PARAMETER) ?? []));
    for (const [, scheme = '', user = '', password = '', host = '', database = ''] of text.matchAll(ADDRESS)) {
      const isNone = isPort(password, scheme) || [user, host, database].some((other) => isAlike(password, other));
      if (!isNone) found.push(...listReadings(password));
    }
  }
  if (hasWord)
    for (const line of text.split('\n'))
      if (isAddressInWords(line)) for (const [, , word = ''] of line.matchAll(WORD)) found.push(unquote(word));
  return found.filter((password) => password.length >= SHORTEST_PASSWORD && !/\{\{|\$\{|<</.test(password));
}

/** The text with the mask in the place of the password of each address. */
export function hidePasswords(text: string): string {
  let shown = text;
  if (mayHoldUrl(shown))
    shown = shown
      .replaceAll(PARAMETER, MASK)
      .replaceAll(ADDRESS, (whole, scheme: string, user: string, password: string) =>
        isPort(password, scheme) ? whole : `${user}:${MASK}`,
      );
  if (!mayHoldWord(shown)) return shown;
  return shown
    .split('\n')
    .map((line) => (isAddressInWords(line) ? line.replaceAll(WORD, `$1${MASK}`) : line))
    .join('\n');
}

/** Most addresses have none: this is asked of each setting of each step. */
function mayHoldUrl(text: string): boolean {
  return text.includes('://') && MARK.test(text);
}

/** Each word has its value behind a `=`. */
function mayHoldWord(text: string): boolean {
  return text.includes('=') && (text.includes('assword') || text.includes('wd='));
}

function isAddressInWords(line: string): boolean {
  return mayHoldWord(line) && OTHER_WORD.test(line);
}

/** Whether it is a port, and an `@` of the path stands behind it. */
function isPort(password: string, scheme: string): boolean {
  return PORT.test(password) && !DATABASE.test(scheme);
}

/** A password with its end at each `@`, as long as signs in it say that nobody escaped it. */
function listReadings(password: string): readonly string[] {
  if (!/[/?#]/.test(password)) return [password];
  const parts = password.split('@', MOST_READINGS);
  const readings = parts.map((_, at) => parts.slice(0, at + 1).join('@'));
  return [...new Set([...readings, password])];
}

function unquote(word: string): string {
  return word.startsWith("'") ? word.slice(1, -1) : word;
}

function isAlike(password: string, other: string): boolean {
  const [one, two] = [password.toLowerCase(), other.toLowerCase()];
  return two !== '' && (one.includes(two) || two.includes(one));
}
