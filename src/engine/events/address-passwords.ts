import { MASK } from '../../util/hidden-fields.ts';

/** `scheme://user:password@host:port/database`, wherever it stands; a password has no blank, quote, `/`, `?` or `#`. */
const ADDRESS = /(?<=[a-z0-9]:\/\/)([^\s:/?#@"]*):([^\s/?#"]+)(?=@([^\s:/?#"'`@]*)(?::\d+)?(?:\/([^\s?#"'`]*))?)/gi;
const PARAMETER = /(?<=[?&]password=)[^\s&#"'`]+/gi;
const MARK = /@|password=/i;
const SHORTEST_PASSWORD = 8;

/** Passwords of the addresses in a text that may be looked for in others: not short ones, nor what user, host or database are called. */
export function findPasswords(text: string): readonly string[] {
  if (!mayHoldPassword(text)) return [];
  const found = [...(text.match(PARAMETER) ?? [])];
  for (const [, user = '', password = '', host = '', database = ''] of text.matchAll(ADDRESS)) {
    if (![user, host, database].some((other) => isAlike(password.toLowerCase(), other.toLowerCase())))
      found.push(password);
  }
  return found.filter((password) => password.length >= SHORTEST_PASSWORD && !/\{\{|\$\{|<</.test(password));
}

/** The text with the mask in the place of the password of each address. */
export function hidePasswords(text: string): string {
  if (!mayHoldPassword(text)) return text;
  return text.replaceAll(PARAMETER, MASK).replaceAll(ADDRESS, (_, user: string) => `${user}:${MASK}`);
}

/** Most addresses have none: this is asked of each setting of each step. */
function mayHoldPassword(text: string): boolean {
  return text.includes('://') && MARK.test(text);
}

function isAlike(one: string, other: string): boolean {
  return other !== '' && (one.includes(other) || other.includes(one));
}
