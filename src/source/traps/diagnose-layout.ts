import type { YAMLParseError } from 'yaml';
import { type LineParts, splitLine } from './line-parts.ts';

/** A mistake in indentation, dashes or colons. */
export interface LayoutMistake {
  readonly code: string;
  readonly message: string;
  readonly start: number;
  readonly end: number;
  readonly help: readonly string[];
}

interface Problem {
  readonly text: string;
  readonly error: YAMLParseError;
}

const INDENT = 'TM006';
const SAME_COLUMN = 'keys of one map and items of one list begin in the same column';

/** Says what is wrong with how the line stands below the others. */
export function diagnoseLayout(problem: Problem, line: LineParts): LayoutMistake | undefined {
  const { code, pos } = problem.error;
  const stretch = stretchOf(line);
  if (code === 'BAD_INDENT') {
    const message = `this line is indented by ${line.indent.length}, which matches none of the lines above`;
    const item = line.hasKey && isBesideItems(problem.text, line) ? line.text.trim() : undefined;
    const help = item === undefined ? SAME_COLUMN : `begin the next item of the list with \`- \`: \`- ${item}\``;
    return { code: INDENT, message, ...stretch, help: [help] };
  }
  const isInItem = !line.hasKey && pos[0] >= line.valueStart;
  if (isInItem && isKeyError(problem.error))
    return diagnoseKeyBelow(problem, line) ?? diagnoseKey(line, line.valueStart, line.value);
  const hasOwnValue = line.hasKey && pos[0] >= line.valueStart && !isItem(line.value);
  if (code === 'BLOCK_AS_IMPLICIT_KEY' && hasOwnValue) return diagnoseDeeper(problem, line);
  if (isItem(line.text.trim())) return diagnoseItem(problem, line);
  if (isItem(line.value) && line.hasKey) {
    return {
      code: INDENT,
      message: 'a list begins on the line below its key',
      start: line.valueStart,
      end: line.valueStart + line.value.length,
      help: [`move \`${line.value}\` to a line of its own, indented deeper than the key`],
    };
  }
  if (code === 'BLOCK_AS_IMPLICIT_KEY') return diagnoseDeeper(problem, line);
  return isKeyError(problem.error) ? diagnoseKey(line, stretch.start, line.text.trim()) : undefined;
}

function isKeyError(error: YAMLParseError): boolean {
  return error.code === 'MULTILINE_IMPLICIT_KEY' || error.message.startsWith('Implicit map keys need');
}

function isItem(text: string): boolean {
  return /^-(\s|$)/.test(text);
}

function stretchOf(line: LineParts): { start: number; end: number } {
  const start = line.start + line.indent.length;
  return { start, end: Math.max(start + 1, line.end) };
}

/** `action:log`, `action log`. */
function diagnoseKey(line: LineParts, start: number, text: string): LayoutMistake {
  if (OPENING.test(text)) return diagnoseComma(line);
  const key = /^[\w.-]+(?=:\S)/.exec(text)?.[0];
  const message = key === undefined ? 'a key needs a colon after it' : `a space is missing after \`${key}:\``;
  const [word = '', ...rest] = text.split(/\s+/);
  const fixed = key === undefined ? `${word}: ${rest.join(' ') || '…'}` : `${key}: ${text.slice(key.length + 1)}`;
  return { code: 'TM022', message, start, end: Math.max(start + 1, line.end), help: [`write \`${fixed}\``] };
}

/** `body: { a: 1`, which goes on with `b: 2 }` on the next line. */
const OPENING = /^[\w.-]+:\s+[{[]/;

function diagnoseComma(line: LineParts): LayoutMistake {
  const message = 'entries between brackets have commas between them, also at the end of a line';
  const { start, end } = stretchOf(line);
  return { code: 'TM022', message, start, end, help: [`write \`${line.text.trim()},\``] };
}

/** `- status == 200` and below it, deeper, `output:`: what is compared needs no colon, and the key belongs above the list. */
function diagnoseKeyBelow({ text }: Problem, line: LineParts): LayoutMistake | undefined {
  const next = splitLine(text, Math.min(text.length, line.end + 1));
  if (!COMPARED.test(line.value) || !next.hasKey || next.indent.length <= line.indent.length) return undefined;
  const key = next.text.trim().replace(/:(?:\s.*)?$/, '');
  return {
    code: INDENT,
    message: `\`${key}:\` is indented as a part of the item \`${line.value}\``,
    ...stretchOf(next),
    help: [`indent \`${key}:\` as deeply as the key of the list above it`],
  };
}

const COMPARED = /\S\s*(?:[=!<>]=|[<>])\s*\S|\s(?:contains|matches|startsWith|endsWith|in)\s/;

/** `a: 1` and below it, deeper, `b: 2`. */
function diagnoseDeeper(problem: Problem, line: LineParts): LayoutMistake | undefined {
  const next = splitLine(problem.text, Math.min(problem.text.length, line.end + 1));
  if (next.text.trim() === '') return undefined;
  return {
    code: INDENT,
    message: 'this line is indented deeper than the one above, which already has a value',
    ...stretchOf(next),
    help: ['keys of one map begin in the same column'],
  };
}

/** An item in a column where none is expected. */
function diagnoseItem(problem: Problem, line: LineParts): LayoutMistake {
  const own = line.indent.length;
  const above = findItemAbove(problem.text, line);
  if (above !== undefined && above !== own) {
    const message = `this item is indented by ${own}, the items above it by ${above}`;
    return { code: INDENT, message, ...stretchOf(line), help: [SAME_COLUMN] };
  }
  const message = 'a list item is in a place where a key of the map is expected';
  const help = ['indent the list as deeply as the key that it belongs to, or deeper'];
  return { code: INDENT, message, ...stretchOf(line), help };
}

/** Whether the lines above that are indented as deeply, and not less, begin items of a list. */
function isBesideItems(text: string, line: LineParts): boolean {
  for (let at = line.start - 1; at > 0; ) {
    const above = splitLine(text, at);
    const depth = above.indent.length - line.indent.length;
    if (above.text.trim() !== '' && depth <= 0) return depth === 0 && isItem(above.text.trim());
    at = above.start - 1;
  }
  return false;
}

/** The indentation of the nearest item above that is indented deeper, before any line that is not. */
function findItemAbove(text: string, line: LineParts): number | undefined {
  let outermost: number | undefined;
  for (let at = line.start - 1; at > 0; ) {
    const above = splitLine(text, at);
    if (above.text.trim() !== '' && above.indent.length <= line.indent.length) return outermost;
    if (isItem(above.text.trim())) outermost = Math.min(outermost ?? above.indent.length, above.indent.length);
    at = above.start - 1;
  }
  return outermost;
}
