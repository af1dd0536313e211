import { findNearest } from '../../util/suggest.ts';

/** What is wrong with how an address begins or ends, and the address that was meant. */
export interface MeantUrl {
  /** Follows the address as it is written. */
  readonly why: string;
  readonly help: string;
}

const QUOTES = /^[\s"'`“”‘’<]+|[\s"'`“”‘’>]+$/g;
/** A word for a scheme with the signs behind it, however they are written; digits behind a `:` are the port of a host. */
const SCHEME = /^([a-z]{2,7})\s*(?:[:;.,]\s*[/\\]{0,3}(?!\d+(?:[/?#]|$))|[/\\]{2,3})\s*(?=[^\s/\\])/i;
const METHOD = /^(get|post|put|patch|delete|head|options)\s+(\S.*)$/is;
const TWICE = /^(https?:\/\/)+(https?)(?::\/*|\/\/)(?=[^/])/i;

/** What an address was meant to be that lacks its scheme, has a misspelt one or two, or has quotes in it. */
export function findMeantUrl(text: string): MeantUrl | undefined {
  const bare = text.replaceAll(QUOTES, '');
  if (bare !== text && /["'`“”‘’<>]/.test(text.replaceAll(bare, ''))) {
    const help = `write \`${mendScheme(bare) ?? bare}\`: quotes around it belong to YAML, once`;
    return { why: 'has quotes in it', help };
  }
  const [, method, rest] = METHOD.exec(text) ?? [];
  if (method !== undefined)
    return { why: 'begins with a method', help: `write \`method: ${method.toUpperCase()}\` and \`url: "${rest}"\`` };
  const [twice, , second = ''] = TWICE.exec(text) ?? [];
  if (twice !== undefined)
    return { why: 'has two schemes', help: `did you mean \`${second.toLowerCase()}://${text.slice(twice.length)}\`?` };
  const [written = '//'] = SCHEME.exec(text) ?? [];
  const meant = mendScheme(text);
  if (meant === undefined) return undefined;
  const why = written === '//' ? 'has no scheme' : `begins with \`${written}\`, which is no scheme`;
  return { why, help: `did you mean \`${meant}\`?` };
}

/** The address with the scheme that was meant; undefined when none can be meant. */
function mendScheme(text: string): string | undefined {
  if (text.startsWith('//')) return `http:${text}`;
  const [written, word = ''] = SCHEME.exec(text) ?? [];
  const scheme = findNearest(word.toLowerCase(), ['http', 'https']);
  if (written === undefined || scheme === undefined || /^https?:\/\/$/i.test(written)) return undefined;
  return `${scheme}://${text.slice(written.length)}`;
}
