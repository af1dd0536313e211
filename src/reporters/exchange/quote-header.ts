import type { Header } from '../../model/exchange.ts';
import { quoteShell } from '../../util/shell-quote.ts';

/** A header as a word of a shell; the token of a credential is left to the reader's `$TOKEN`. */
export function quoteHeader({ name, value, scheme }: Header, sign: ': ' | '='): string {
  if (scheme !== undefined) return `"${name}${sign}${scheme === '' ? '' : `${scheme} `}$TOKEN"`;
  return quoteShell(value === '' && sign === ': ' ? `${name};` : `${name}${sign}${value}`);
}
