import { MASK } from '../../util/hidden-fields.ts';
import { isCutAtSign, isDatabaseAddress } from '../../util/raw-password.ts';

/** `://user:` of `scheme://user:password@host:port/database`, wherever it stands. */
const HEAD = /:\/\/([^\s:/?#@"[]*):/g;
/** What stands before it: looked for from there, for from every letter on it would take a long text the square of its length. */
const SCHEME = /[a-z][a-z0-9+.-]*$/i;
const LONGEST_SCHEME = 40;
/** A password has no blank, quote, `/`, `?` or `#`; where one of these stands before an `@` all the same, nobody escaped it. */
const ESCAPED = /^[^\s/?#"]+(?=@)/;
/** How far a password without escapes is looked for: to a blank or quote, or where the address is all that there is, or a database's, over blanks. */
const UP_TO_BLANK = /^[^\s"]{1,200}(?=@)/;
const UP_TO_QUOTE = /^[^\r\n"]{1,200}(?=@[^\s"@]*(?:[/:]|$))/;
const UP_TO_END = /^[^\r\n]{1,200}(?=@[^\s@]*$)/;
const BEHIND = /^@([^\s:/?#"'`@]*)(?::\d+)?(?:\/([^\s?#"'`]*))?/;
const MARK = /@|password=/i;
const NONE: readonly string[] = [];
const PORT = /^\d{1,5}(?:[/?#\s]|$)/;
const PARAMETER = /(?<=[?&]password=)[^\s&#"'`]+/gi;
/** `password=…` or `Pwd=…` among other words of an address without a scheme, as libpq and the drivers of .NET read it. */
const WORD = /((?:^|[\s;"'`])(?:password|pwd)\s*=\s*)('(?:[^'\\]|\\.|'')+'|(?!=)(?:\\[\s'\\]|[^\s;"'`])+)/gi;
const OTHER_WORD = /(?:^|[\s;"'`])(?:host|hostaddr|user|dbname|server|data source)\s*=/i;
const SHORTEST_PASSWORD = 8;
/** So much behind a user is read. */
const LONGEST = 400;
/** What nobody escaped may hold an `@` itself: so many readings of it are looked for. */
const MOST_READINGS = 4;

/** Passwords of the addresses in a text that may be looked for in others: not short ones, nor what user, host or database are called. */
export function findPasswords(text: string): readonly string[] {
  const [hasUrl, hasWord] = [mayHoldUrl(text), mayHoldWord(text)];
  if (!hasUrl && !hasWord) return NONE;
  const found: string[] = [];
  if (hasUrl) {
    found.push(...(text.match(PARAMETER) ?? []));
    for (const { user, password, behind } of listAddresses(text)) {
      const [, host = '', database = ''] = BEHIND.exec(behind) ?? [];
      if (![user, host, database].some((other) => isPartOf(password, other))) found.push(...listReadings(password));
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
  if (mayHoldUrl(shown)) {
    shown = shown.replaceAll(PARAMETER, MASK);
    for (const { start, password } of listAddresses(shown).toReversed())
      shown = `${shown.slice(0, start)}${MASK}${shown.slice(start + password.length)}`;
  }
  if (!mayHoldWord(shown)) return shown;
  return shown
    .split('\n')
    .map((line) => (isAddressInWords(line) ? line.replaceAll(WORD, `$1${MASK}`) : line))
    .join('\n');
}

/** An address with a password, and what stands behind it. */
interface Address {
  readonly start: number;
  readonly user: string;
  readonly password: string;
  readonly behind: string;
}

function listAddresses(text: string): readonly Address[] {
  const found: Address[] = [];
  const first = text.search(/\S/);
  const isLine = !text.trim().includes('\n');
  let end = 0;
  for (const { 0: behind, 1: user = '', index: colon } of text.matchAll(HEAD)) {
    const [scheme] = SCHEME.exec(text.slice(Math.max(0, colon - LONGEST_SCHEME), colon)) ?? [];
    if (scheme === undefined) continue;
    const head = `${scheme}${behind}`;
    const index = colon - scheme.length;
    if (index < end) continue;
    const start = index + head.length;
    const rest = text.slice(start, start + LONGEST);
    const password = readPassword(head, rest, isLine && index === first);
    if (password === undefined) continue;
    end = start + password.length;
    found.push({ start, user, password, behind: rest.slice(password.length) });
  }
  return found;
}

/** What stands between a head and the `@`; undefined where it is a port, and an `@` of the path stands behind it. */
function readPassword(head: string, rest: string, isAlone: boolean): string | undefined {
  const isDatabase = isDatabaseAddress(head);
  const [word = ''] = UP_TO_BLANK.exec(rest) ?? [];
  const [escaped] = ESCAPED.exec(rest) ?? [];
  if (escaped !== undefined && !isCutAtSign(`${head}${/^[^\s"]*/.exec(rest)?.[0]}`)) return escaped;
  if (PORT.test(rest) && !(isDatabase && word !== '')) return undefined;
  if (word !== '') return word;
  return (isAlone ? UP_TO_END.exec(rest) : null)?.[0] ?? (isDatabase ? UP_TO_QUOTE.exec(rest)?.[0] : undefined);
}

/** Whether there may be any in a text: most have none. */
export function mayHoldPasswords(text: string): boolean {
  return mayHoldUrl(text) || mayHoldWord(text);
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

/** A password with its end at each `@`, as long as signs in it say that nobody escaped it. */
function listReadings(password: string): readonly string[] {
  if (!/[/?#]/.test(password)) return [password];
  const parts = password.split('@', MOST_READINGS);
  const readings = parts.map((_, at) => parts.slice(0, at + 1).join('@'));
  return [...new Set([...readings, password])];
}

function unquote(word: string): string {
  return (word.startsWith("'") ? word.slice(1, -1) : word).replaceAll(/\\([\s'\\])/g, '$1');
}

/** What users, hosts and databases are called is no secret. That a password has such a name in it says nothing: they may be one letter. */
function isPartOf(password: string, other: string): boolean {
  return other.toLowerCase().includes(password.toLowerCase());
}
