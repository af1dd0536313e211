import type { Document, ParsedNode, YAMLParseError } from 'yaml';
import type { LineParts } from './line-parts.ts';
import { isInFlow } from './open-tokens.ts';
import { hasOpenBracket } from './quote.ts';
import type { Trap } from './trap.ts';

interface Problem {
  readonly text: string;
  readonly documents: readonly Document.Parsed<ParsedNode>[];
  readonly error: YAMLParseError;
}

const QUOTED_THEN_TEXT = /^(?:"(?:[^"\\]|\\.)*"|'(?:[^']|'')*')[ \t]*[^\s#,\]}:]/;
const RESERVED: Readonly<Record<string, string>> = {
  '@': 'YAML reserves `@`: an unquoted text cannot begin with it',
  '`': 'YAML reserves the backtick: an unquoted text cannot begin with it',
  '%': 'an unquoted text cannot begin with `%`',
  ',': 'an unquoted text cannot begin with `,`',
  ']': 'an unquoted text cannot begin with `]`',
  '}': 'an unquoted text cannot begin with `}`',
};

/** The text in a line that does not parse because it lacks quotes. */
export function findUnquoted(problem: Problem, line: LineParts): Trap | undefined {
  return (
    findPlaceholder(problem, line) ??
    findBracket(problem, line) ??
    findQuotedStart(line) ??
    findIndicator(line) ??
    findReserved(problem, line) ??
    findColon(problem, line)
  );
}

function findPlaceholder(problem: Problem, line: LineParts): Trap | undefined {
  const message = '`{{` without quotes is a YAML map inside a map, not a placeholder';
  for (const at of findOutsideQuotes(line.text, '{{')) {
    const offset = line.start + at;
    const isFlow = /[[{]\s*[^[{]*$/.test(line.text.slice(0, at)) || isInFlow(problem.documents, problem.text, offset);
    if (isFlow) return { code: 'TM010', message, ...findFlowPiece(line, at) };
    if (offset === line.valueStart) return { code: 'TM010', message, start: offset, end: offset + line.value.length };
  }
  return undefined;
}

/** `{path: $.items[0].id}`, `[status in [200, 201]]`, `[any(xs, {.id == 1})]`: between brackets, a bracket in a text begins a list or map. */
function findBracket(problem: Problem, line: LineParts): Trap | undefined {
  const { code, pos } = problem.error;
  if (code !== 'UNEXPECTED_TOKEN' && code !== 'MISSING_CHAR') return undefined;
  const at = pos[0] - line.start;
  const [before, behind] = [line.text.slice(0, at), line.text.slice(at)];
  const isInText = /^[[{]/.test(behind) && (/[^\s,:[{]$/.test(before) || /[^\s,:[{"'\]}]\s+$/.test(before));
  const closed = /([\]}])\s*$/.exec(before)?.[1];
  const isFlow = isInFlow(problem.documents, problem.text, pos[0]);
  const isFollowed = closed !== undefined && /\S/.test(behind);
  if (isFollowed && !isFlow && /^[[{]/.test(line.value) && pos[0] > line.valueStart) {
    const message = `\`${line.value[0]}\` at the beginning of an unquoted text begins a list or map`;
    return { code: 'TM025', message, ...stretchOf(line) };
  }
  const isBehind = closed !== undefined && isFlow && /^[^\s,:[{\]}"'#]/.test(behind);
  if (!isInText && !isBehind) return undefined;
  const mark = isInText ? behind[0] : closed === ']' ? '[' : '{';
  const message = `\`${mark}\` in an unquoted text between brackets begins a list or map of its own`;
  return { code: 'TM025', message, ...findFlowPiece(line, at) };
}

/** `"a" == body.x`: YAML takes the quoted part for the whole value. */
function findQuotedStart(line: LineParts): Trap | undefined {
  if (!QUOTED_THEN_TEXT.test(line.value)) return undefined;
  const message = 'text follows the closing quote: YAML takes the quotes for those of the whole value';
  return { code: 'TM019', message, ...stretchOf(line) };
}

function findIndicator(line: LineParts): Trap | undefined {
  const first = line.value[0] ?? '';
  const message = RESERVED[first];
  if (message !== undefined) return { code: 'TM015', message, ...stretchOf(line) };
  const word = /^\S*/.exec(line.value)?.[0] ?? '';
  if (first === '*') return { code: 'TM016', message: `\`${word}\` is a YAML alias, not text`, ...stretchOf(line) };
  if (first === '&') return { code: 'TM017', message: `\`${word}\` is a YAML anchor, not text`, ...stretchOf(line) };
  if (first === '!') return { code: 'TM011', message: `\`${word}\` is a YAML tag, not text`, ...stretchOf(line) };
  const block = /^[|>][-+\d]*(?=\s*\S)/.exec(line.value)?.[0];
  if (block === undefined || block === line.value) return undefined;
  const gap = /^\s*/.exec(line.value.slice(block.length))?.[0].length ?? 0;
  const opened = `\`${block}\` begins a text on the lines below it`;
  return { code: 'TM015', message: opened, ...stretchOf(line), textStart: line.valueStart + block.length + gap };
}

/** `{ message: @user }`: between brackets the text begins where the parser stops. */
function findReserved(problem: Problem, line: LineParts): Trap | undefined {
  const at = problem.error.pos[0] - line.start;
  const message = RESERVED[line.text[at] ?? ''];
  if (problem.error.code !== 'BAD_SCALAR_START' || message === undefined) return undefined;
  return { code: 'TM015', message, ...findFlowPiece(line, at) };
}

function findColon(problem: Problem, line: LineParts): Trap | undefined {
  if (/^["']/.test(line.value) || !/\S:(?:\s|$)/.test(line.value)) return undefined;
  if (problem.error.code !== 'BLOCK_AS_IMPLICIT_KEY' && !hasColonInBracket(line.value)) return undefined;
  return {
    code: 'TM013',
    message: 'a colon followed by a space begins a YAML map, even inside a text',
    ...stretchOf(line),
  };
}

/** `matches_partial(body, {tags: []})`: the map that a text goes on with, not one that it is. */
function hasColonInBracket(value: string): boolean {
  const colon = /\S:(?:\s|$)/.exec(value);
  return colon !== null && !/^[[{]/.test(value) && hasOpenBracket(value.slice(0, colon.index + 1));
}

function stretchOf(line: LineParts): { start: number; end: number } {
  return { start: line.valueStart, end: line.valueStart + line.value.length };
}

/** The item of `[…]` or `{…}` around a position in the line; what stands in parentheses, or in a bracket inside of a text, belongs to the text. */
function findFlowPiece(line: LineParts, at: number): { start: number; end: number } {
  const first = line.valueStart - line.start;
  const around: number[] = [];
  let start = first;
  let depth = 0;
  let quote: string | undefined;
  let index = first;
  for (; index < line.text.length; index++) {
    const char = line.text[index] ?? '';
    const before = line.text.slice(start, index);
    const isStart = before.trim() === '';
    if (quote !== undefined) quote = char === quote ? undefined : quote;
    else if (/["']/.test(char) && !/\w$/.test(before)) quote = char;
    else if (isStart && '{['.includes(char) && index < at) {
      around.push(start);
      start = index + 1;
    } else if ('{[('.includes(char)) depth++;
    else if ('}])'.includes(char) && depth > 0) depth--;
    else if (depth > 0 || !isEnd(line.text, index)) continue;
    else if (index >= at) break;
    else start = ('}]'.includes(char) ? around.pop() : undefined) ?? index + 1;
  }
  const [gap = ''] = /^\s*/.exec(line.text.slice(start, index)) ?? [];
  const piece = line.text.slice(start, index).trim();
  return { start: line.start + start + gap.length, end: line.start + start + gap.length + piece.length };
}

/** Whether an item ends there: at a comma, a closing bracket, or a colon behind its key. */
function isEnd(text: string, at: number): boolean {
  return /^(?:[,\]}]|:\s)/.test(text.slice(at));
}

function findOutsideQuotes(text: string, wanted: string): readonly number[] {
  const found: number[] = [];
  let quote: string | undefined;
  for (let at = 0; at < text.length; at++) {
    const char = text[at] ?? '';
    if (quote !== undefined) {
      if (char === quote) quote = undefined;
    } else if ((char === '"' || char === "'") && !/\w/.test(text[at - 1] ?? '')) quote = char;
    else if (char === '#' && /\s/.test(text[at - 1] ?? ' ')) return found;
    else if (text.startsWith(wanted, at)) {
      found.push(at);
      at += wanted.length - 1;
    }
  }
  return found;
}
