import { endOf, endOfEscaped, endOfNumbered, endOfQuoted, type SqlToken, scanColon, scanPlain } from './sql-token.ts';

type Kind = SqlToken['kind'];

/** `#` to the end of the line; `--` only with a blank behind it, so that `5--1` stays arithmetic. */
const LINE_COMMENT = /(?:#|--(?=\s|$))[^\n]*/y;
const PREFIXED_QUOTE = /[xXbBnN]'/y;

/** Scans one token as MySQL and MariaDB do: texts in either quotes with backslashes, names in backticks, comments that do not nest. */
export function scanMysqlToken(text: string, at: number, before: Kind | undefined): [Kind, number] {
  const char = text[at] ?? '';
  switch (char) {
    case "'":
    case '"':
      return ['literal', endOfEscaped(text, at + 1, char)];
    case '`':
      return ['quoted_name', endOfQuoted(text, at + 1, '`')];
    case '#':
    case '-': {
      const end = endOf(LINE_COMMENT, text, at);
      return end === undefined ? ['other', at + 1] : ['comment', end];
    }
    case '/':
      return scanSlash(text, at);
    case '$': {
      const end = endOfNumbered(text, at);
      return end === undefined ? ['other', at + 1] : ['numbered', end];
    }
    case ':':
      return scanColon(text, at, before);
    case '?':
      return ['question', at + 1];
    case ';':
      return ['semicolon', at + 1];
    case '(':
      return ['open', at + 1];
    case ')':
      return ['close', at + 1];
    default: {
      const quote = endOf(PREFIXED_QUOTE, text, at);
      return quote === undefined ? scanPlain(text, at) : ['literal', endOfEscaped(text, quote, "'")];
    }
  }
}

/** `/*! … …` is carried out, so it is no comment. */
function scanSlash(text: string, at: number): [Kind, number] {
  if (text[at + 1] !== '*') return ['other', at + 1];
  const close = text.indexOf('*/', at + 2);
  const isRun = text[at + 2] === '!' || text.startsWith('M!', at + 2);
  return [isRun ? 'other' : 'comment', close === -1 ? text.length : close + 2];
}
