/** One character as a reader sees it: an accent belongs to its letter. */
export interface Cell {
  /** What to print: harmless, tabs as blanks. */
  readonly text: string;
  /** Columns on a terminal. */
  readonly width: number;
  /** Offset of its first UTF-16 unit, and the end of its last. */
  readonly start: number;
  readonly end: number;
}

const TAB_WIDTH = 4;
/** A line is broken at a blank when this share of it stays. */
const SHORTEST_LINE = 0.6;
const ASCII = /^[\x20-\x7e\t]*$/;
const ZERO_WIDTH = /^[\p{M}\p{Cf}]/u;
const WIDE =
  /^[\u1100-\u115f\u2e80-\u303e\u3041-\u4dbf\u4e00-\u9fff\ua000-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{20000}-\u{3fffd}\p{Emoji_Presentation}]/u;
/** Characters that steer a terminal or turn the reading direction, and halves of characters. */
const UNPRINTABLE = /[\p{Cc}\p{Surrogate}\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/u;

let segmenter: Intl.Segmenter | undefined;

/** Takes a line apart into what is printed for it, column by column. */
export function splitCells(line: string): readonly Cell[] {
  const cells: Cell[] = [];
  let column = 0;
  for (const { segment, index } of splitGraphemes(line)) {
    const isTab = segment === '\t';
    const text = isTab ? ' '.repeat(TAB_WIDTH - (column % TAB_WIDTH)) : makePrintable(segment);
    const width = isTab ? text.length : measureGrapheme(text);
    cells.push({ text, width, start: index, end: index + segment.length });
    column += width;
  }
  return cells;
}

/** Columns that a text takes on a terminal. */
export function measureColumns(text: string): number {
  return splitCells(text).reduce((sum, cell) => sum + cell.width, 0);
}

/** The text on one line and harmless, cut to a number of columns with `…` for what is missing. */
export function cutColumns(text: string, maxColumns: number): string {
  // A line of this many units is longer than any that is shown, so the rest need not be looked at.
  const cells = splitCells(text.slice(0, maxColumns * 4 + 16).replaceAll(/\s*\r?\n\s*/g, ' '));
  const width = cells.reduce((sum, cell) => sum + cell.width, 0);
  if (width <= maxColumns && text.length <= maxColumns * 4 + 16) return cells.map((cell) => cell.text).join('');
  let used = 1;
  let shown = '';
  for (const cell of cells) {
    used += cell.width;
    if (used > maxColumns) break;
    shown += cell.text;
  }
  return `${shown}…`;
}

/** The text on lines of a number of columns, those after the first indented as it is; the last of so many lines is cut with `…`. */
export function breakColumns(text: string, maxColumns: number, maxLines: number): readonly string[] {
  const indent = /^ */.exec(text)?.[0].slice(0, Math.floor(maxColumns / 2)) ?? '';
  const lines: string[] = [];
  let rest = text;
  while (lines.length < maxLines - 1) {
    const full = findBreak(rest, maxColumns);
    if (full >= rest.length) break;
    const blank = rest.lastIndexOf(' ', full - 1) + 1;
    const end = blank > full * SHORTEST_LINE ? blank : full;
    lines.push(rest.slice(0, end));
    rest = indent + rest.slice(end);
  }
  return [...lines, cutColumns(rest, maxColumns)];
}

/** Where a line of so many columns ends, in UTF-16 units. */
function findBreak(text: string, maxColumns: number): number {
  let used = 0;
  for (const { start, width } of splitCells(text.slice(0, maxColumns * 4 + 16))) {
    used += width;
    if (used > maxColumns) return start;
  }
  return text.length;
}

function splitGraphemes(line: string): Iterable<{ readonly segment: string; readonly index: number }> {
  if (ASCII.test(line)) return Array.from(line, (segment, index) => ({ segment, index }));
  segmenter ??= new Intl.Segmenter('en', { granularity: 'grapheme' });
  return segmenter.segment(line);
}

function makePrintable(segment: string): string {
  return UNPRINTABLE.test(segment) ? '\ufffd' : segment;
}

function measureGrapheme(text: string): number {
  if (ZERO_WIDTH.test(text)) return 0;
  return WIDE.test(text) ? 2 : 1;
}
