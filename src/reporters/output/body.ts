import { breakColumns } from '../../util/cells.ts';
import { cleanLine, cleanText } from './text.ts';

/** How much of a body is shown. */
export interface BodyLimits {
  /** Room on the line that the body belongs to, in columns. */
  readonly inlineWidth: number;
  /** Room of the lines below. */
  readonly width: number;
  readonly maxLines: number;
}

/** A body ready to be shown: on the line it belongs to, or on lines below. */
export interface BodyText {
  readonly inline: string | undefined;
  readonly lines: readonly string[];
}

// A longer body is cut before anything looks at it: a report shows a screenful, not a download.
const MAX_CHARACTERS = 200_000;
// A sentence in an answer is read in full; what is longer is data.
const MAX_PIECES = 8;
// Deeper levels stand below each other: indenting them further would make a huge text of a few brackets.
const DEEPEST_MARGIN = 100;
const JSON_TOKEN = /"(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s{}[\],:"]+/g;
const JSON_TEXT_OR_BLANKS = /("(?:[^"\\]|\\.)*")|\s+/g;

/** Lays a body out: on one line when it fits, else JSON indented when that is short, else as it is; cut with a word on what is missing. */
export function layOutBody(body: string, limits: BodyLimits): BodyText {
  const isWhole = body.length <= MAX_CHARACTERS || limits.maxLines === Number.POSITIVE_INFINITY;
  const source = isWhole ? body : body.slice(0, MAX_CHARACTERS);
  const json = isWhole && isJson(source) ? source : undefined;
  const compact = json === undefined ? source : compactJson(json);
  const isOneLine = !compact.includes('\n') && compact.length <= limits.inlineWidth;
  if (isOneLine) return { inline: cleanLine(compact), lines: [] };
  const pretty = json === undefined ? undefined : indentJson(json).split('\n');
  if (pretty && pretty.length <= limits.maxLines) {
    const isFull = limits.maxLines === Number.POSITIVE_INFINITY;
    const clean = pretty.map(cleanLine);
    return { inline: undefined, lines: isFull ? clean : breakLines(clean, limits) };
  }
  return { inline: undefined, lines: cutBody(cleanText(compact), body.length - source.length, limits) };
}

/** Breaks lines that are too long while there is room for more; what is longer still is cut. */
function breakLines(lines: readonly string[], { width, maxLines }: BodyLimits): readonly string[] {
  let room = maxLines - lines.length;
  return lines.flatMap((line) => {
    const pieces = breakColumns(line, width, Math.min(room, MAX_PIECES - 1) + 1);
    room -= pieces.length - 1;
    return pieces;
  });
}

/** Indents JSON without reading it into values, so numbers keep their digits. */
export function indentJson(json: string): string {
  let text = '';
  let depth = 0;
  let previous = '';
  for (const [token] of json.matchAll(JSON_TOKEN)) {
    const isClosing = token === '}' || token === ']';
    if (isClosing) depth--;
    const isFirst = previous === '{' || previous === '[';
    if (previous === ',' || isFirst !== isClosing)
      text += `\n${'  '.repeat(Math.min(Math.max(0, depth), DEEPEST_MARGIN))}`;
    text += token === ':' ? ': ' : token;
    if (token === '{' || token === '[') depth++;
    previous = token;
  }
  return text;
}

function compactJson(json: string): string {
  return json.replace(JSON_TEXT_OR_BLANKS, (_, text: string | undefined) => text ?? '');
}

function cutBody(text: string, missing: number, limits: BodyLimits): readonly string[] {
  const lines: string[] = [];
  let shown = 0;
  for (const line of text.split('\n')) {
    for (let at = 0; at === 0 || at < line.length; at += limits.width) {
      if (lines.length >= limits.maxLines) return [...lines, writeRest(text.slice(shown), missing, limits)];
      const piece = line.slice(at, at + limits.width);
      lines.push(piece.replaceAll('\t', '  '));
      shown += piece.length;
    }
    shown += 1;
  }
  return missing > 0 ? [...lines, `… ${missing} more characters`] : lines;
}

/** One more line where that is all, else a word on it. */
function writeRest(rest: string, missing: number, { width }: BodyLimits): string {
  const isOneLine = missing === 0 && rest.length <= width && !rest.trimEnd().includes('\n');
  return isOneLine ? rest.trimEnd().replaceAll('\t', '  ') : `… ${rest.length + missing} more characters`;
}

function isJson(text: string): boolean {
  if (!/^\s*[{[]/.test(text)) return false;
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
