import type { Found } from './needle.ts';

/** Shorter lines are words, and tell less than eight bytes. */
const SHORTEST_LINE = 8;
/** The ends of lines as they are, in JSON and in URLs. */
const BREAK = /(?:\r?\n|(?:\\r)?\\n|(?:%0D)?%0A)[ \t]*/gi;

/** Base64 or hexadecimal digits that stand on several lines, and the same in one. */
export interface Wrapped extends Found {
  readonly joined: string;
  /** Where in it the ends of lines were. */
  readonly breaks: readonly number[];
}

interface Block extends Wrapped {
  readonly breaks: number[];
}

/** The stretches of digits in a text that go on behind ends of lines, as mails and PEM files have them. */
export function* listWrapped(text: string): Generator<Wrapped> {
  if (text.length < SHORTEST_LINE) return;
  let block: Block | undefined;
  for (const { 0: whole, index } of text.matchAll(BREAK)) {
    if (block && block.end !== index) {
      yield block;
      block = undefined;
    }
    if (!block) {
      const start = findStart(text, index);
      if (index - start < SHORTEST_LINE) continue;
      block = { start, end: index, joined: text.slice(start, index), breaks: [] };
    }
    const from = index + whole.length;
    const end = findEnd(text, from);
    if (end > from) block = goOn(block, end, text.slice(from, end));
  }
  if (block) yield block;
}

function goOn({ start, joined, breaks }: Block, end: number, line: string): Block {
  breaks.push(joined.length);
  return { start, end, joined: joined + line, breaks };
}

/** Whether any of what was found, first to last, goes over the end of a line: what does not stands in the text as it is. */
export function goesOn(found: readonly Found[], breaks: readonly number[]): boolean {
  let at = 0;
  return found.some(({ start, end }) => {
    while (at < breaks.length && (breaks[at] ?? 0) <= start) at++;
    return (breaks[at] ?? Number.POSITIVE_INFINITY) < end;
  });
}

function findStart(text: string, before: number): number {
  let start = before;
  while (start > 0 && isDigit(text.charCodeAt(start - 1))) start--;
  return start;
}

function findEnd(text: string, from: number): number {
  let end = from;
  while (end < text.length && isDigit(text.charCodeAt(end))) end++;
  return end;
}

/** Also `=`, which ends base64. */
function isDigit(code: number): boolean {
  const isLetter = (code >= 65 && code <= 90) || (code >= 97 && code <= 122);
  return isLetter || (code >= 47 && code <= 57) || code === 43 || code === 45 || code === 61 || code === 95;
}
