import { hasOpenBracket, hasOpenQuote } from './quote.ts';

/** A line of a YAML file, taken apart by its looks: what it means is not known when it does not parse. */
export interface LineParts {
  /** Offsets in the file. */
  readonly start: number;
  readonly end: number;
  readonly text: string;
  readonly indent: string;
  readonly hasKey: boolean;
  /** What follows `- ` and `key: `, without a comment behind it. */
  readonly value: string;
  readonly valueStart: number;
}

const DASHES = /^(?:-[ \t]+)*/;
const KEY = /^(?:"(?:[^"\\]|\\.)*"|'(?:[^']|'')*'|[^\s"'[{#&*!|>%@`,][^#]*?)[ \t]*:(?=\s|$)[ \t]*/;

/** Takes apart the line that holds the offset; at a line break, the line that begins there when `isNext`. */
export function splitLine(text: string, offset: number, isNext = false): LineParts {
  const at = isNext && text[offset] === '\n' ? offset + 1 : offset;
  const start = text.lastIndexOf('\n', at - 1) + 1;
  const next = text.indexOf('\n', at);
  const end = next === -1 ? text.length : next;
  const line = text.slice(start, end).replace(/\r$/, '');
  const indent = /^[ \t]*/.exec(line)?.[0] ?? '';
  const dashes = DASHES.exec(line.slice(indent.length))?.[0] ?? '';
  const rest = line.slice(indent.length + dashes.length);
  const key = findKey(rest);
  const raw = rest.slice(key.length);
  const valueStart = start + indent.length + dashes.length + key.length;
  return {
    start,
    end: start + line.length,
    text: line,
    indent,
    hasKey: key !== '',
    value: cutComment(raw),
    valueStart,
  };
}

/** A key that leaves a quote or bracket open is the beginning of a text with a colon in it. */
function findKey(rest: string): string {
  const key = KEY.exec(rest)?.[0] ?? '';
  return hasOpenQuote(key) || hasOpenBracket(key) ? '' : key;
}

/** Cuts a comment, unless a quote is open where it begins: then the author did not mean one. */
function cutComment(value: string): string {
  for (const match of value.matchAll(/(?:^|[ \t]+)#/g)) {
    if (!hasOpenQuote(value.slice(0, match.index))) return value.slice(0, match.index).trimEnd();
  }
  return value.trimEnd();
}
