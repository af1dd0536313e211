import { ESCAPES_HELP, explainRawPassword, isCutAtSign } from '../../util/raw-password.ts';
import { findMeantUrl } from './meant-url.ts';

/** An address read, or what is wrong with it. */
export type ReadUrl = { readonly url: URL } | { readonly mistake: string; readonly help: readonly string[] };

/** Whether a text is an absolute http or https address. */
export function isHttpUrl(text: string): boolean {
  return /^\s*https?:\/\//i.test(text) && URL.canParse(text.trim());
}

/** Reads an absolute http or https address. */
export function readHttpUrl(text: string): ReadUrl {
  const trimmed = text.trim();
  if (trimmed === '')
    return { mistake: '`url` is empty', help: ['give an address such as `http://localhost:5001/health`'] };
  const scheme = /^([a-z][a-z0-9+.-]*):\/\//i.exec(trimmed)?.[1]?.toLowerCase();
  if (scheme === undefined) return describeMissingScheme(trimmed);
  if (scheme !== 'http' && scheme !== 'https') {
    const help = findMeantUrl(hideUserInfo(trimmed))?.help;
    return {
      mistake: `\`url\`: expected \`http://\` or \`https://\`, got \`${scheme}://\``,
      help: help === undefined ? [] : [help],
    };
  }
  const url = isCutAtSign(trimmed) ? undefined : parseUrl(trimmed);
  if (url && !SCHEMES.has(url.hostname)) return { url };
  const meant = findMeantUrl(hideUserInfo(trimmed));
  if (meant) return { mistake: `\`url\`: ${JSON.stringify(hideUserInfo(trimmed))} ${meant.why}`, help: [meant.help] };
  if (url) return { url };
  const why = explainRawPassword(trimmed);
  if (why !== '') return { mistake: `\`url\` is not a valid address${why}`, help: [ESCAPES_HELP] };
  return {
    mistake: `\`url\`: ${JSON.stringify(hideUserInfo(trimmed))} is not a valid address`,
    help: ['expected `http://host:port/path`; the port is a number up to 65535'],
  };
}

/** A host of this name is a second scheme: `http://http://host`. */
const SCHEMES: ReadonlySet<string> = new Set(['http', 'https']);

/** Not `canParse` first: that reads all of it once more. */
function parseUrl(text: string): URL | undefined {
  try {
    return new URL(text);
  } catch {
    return undefined;
  }
}

/** Behind a scheme, be it misspelt, and quotes. */
const USER_INFO =
  /^(["'`“‘<]*(?:[a-z][a-z0-9+.-]*\s*(?:[:;.,]?[/\\]{2,3}|[:;.,][/\\]))?)(?:[^/?#]*@|[^/?#:]*:(?!\d+[/?#]).*@)/is;

/** An address without the user and password in it, with a scheme or without; a password may hold signs that it may not. */
export function hideUserInfo(text: string): string {
  return text.replace(USER_INFO, '$1');
}

/** The `authorization` that stands in an address; undefined when none does. */
export function describeUserInfo({ username, password }: URL): string | undefined {
  if (username === '' && password === '') return undefined;
  return encodeBasic(decodeUserInfo(username), decodeUserInfo(password));
}

/** The value of a header that says who one is. */
export function encodeBasic(username: string, password: string): string {
  return `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
}

/** A user or password of an address; a `%` that begins no code is one. */
export function decodeUserInfo(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** A variable as shells and other tools write it. */
const FOREIGN_PLACEHOLDER =
  /^(?:\$\(?([A-Za-z_]\w*)\)?|[#%@$]?\{([A-Za-z_]\w*)\}|#\(([A-Za-z_]\w*)\)|%([A-Za-z_]\w*)%|\[\[([A-Za-z_]\w*)\]\])/;

function describeMissingScheme(text: string): ReadUrl {
  if (/^\/(?!\/)/.test(text)) {
    return {
      mistake: `\`url\`: ${JSON.stringify(text)} has no scheme and host`,
      help: [`put the service's address before it: \`http://localhost:5001${text}\``],
    };
  }
  const shown = hideUserInfo(text);
  const [placeholder] = /^(?:\$\{[^{}]*\}|\{\{[^{}]*\}\})/.exec(shown) ?? [];
  if (placeholder !== undefined) {
    const mistake = `\`url\`: ${JSON.stringify(shown)} begins with \`${placeholder}\`, which nothing filled in`;
    const help = ['a value of a dotenv file or a data row is taken as it stands: put the address together in the flow'];
    return { mistake, help };
  }
  const [sign, ...names] = FOREIGN_PLACEHOLDER.exec(shown) ?? [];
  if (sign !== undefined) {
    const mistake = `\`url\`: ${JSON.stringify(shown)} begins with \`${sign}\`, which is a text here`;
    return { mistake, help: [`write \`{{${names.find(Boolean)}}}${shown.slice(sign.length)}\``] };
  }
  const { why, help } = findMeantUrl(shown) ?? { why: 'has no scheme', help: `did you mean \`http://${shown}\`?` };
  return { mistake: `\`url\`: ${JSON.stringify(shown)} ${why}`, help: [help] };
}
