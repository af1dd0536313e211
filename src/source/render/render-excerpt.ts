import type { Location } from '../../model/events.ts';
import type { ExcerptLine } from '../../model/source-file.ts';
import { type Cell, splitCells } from '../../util/cells.ts';
import type { Paint } from '../../util/paint.ts';

const MAX_COLUMNS = 110;
const MIN_COLUMNS = 20;
const COLUMNS_BEFORE = 40;
const MAX_MORE_LINES = 4;
/** UTF-16 units; far more than is shown. */
const LONG_LINE = 1_000;

export interface ExcerptOptions {
  readonly paint: Paint;
  /** Colour of the carets; that of an error when absent. */
  readonly mark?: ((text: string) => string) | undefined;
  /** Least digits that line numbers take. */
  readonly numberWidth?: number;
  /** Lines that stand under the carets, where they begin. */
  readonly notes?: readonly string[] | undefined;
  /** Room on a terminal, where longer lines would wrap. */
  readonly columns?: number | undefined;
}

/** Draws the lines of a location with carets under it: `12 | text`; empty when the location has no lines. */
export function renderExcerpt(place: Location, options: ExcerptOptions): readonly string[] {
  const location = cutLongLines({ ...place, ...place.shown });
  const lines = location.excerpt ?? [];
  const marked = lines.find((line) => line.line === location.line);
  if (!marked) return [];
  const { paint, mark = paint.red, notes = [] } = options;
  const after = lines.filter((line) => line.line > location.line).slice(0, MAX_MORE_LINES);
  const width = Math.max(options.numberWidth ?? 0, String(after.at(-1)?.line ?? location.line).length);
  const room = Math.max(MIN_COLUMNS, Math.min(MAX_COLUMNS, (options.columns ?? MAX_COLUMNS * 2) - width - 4));
  const window = openWindow(marked.text, location, room);
  const gutter = (label: string) => paint.dim(`${label.padStart(width)} |`);
  const write = (label: string, text: string) => `${gutter(label)}${text === '' ? '' : ` ${text}`}`;
  const row = (line: ExcerptLine) => write(String(line.line), cutCells(splitCells(line.text), window.from, room));
  const indent = ' '.repeat(window.indent);
  const hidden = location.endLine - (after.at(-1)?.line ?? location.line);
  return [
    ...lines.filter((line) => line.line < location.line).map(row),
    write(String(marked.line), window.text),
    write('', `${indent}${mark('^'.repeat(window.carets))}`),
    ...after.map(row),
    ...(hidden > 0 && after.length > 0 ? [write('', '…')] : []),
    ...notes.map((note) => write('', `${indent}${note}`)),
  ];
}

/** Of very long lines only what stands around the place is looked at: more is never shown, and taking it apart takes long. */
function cutLongLines(place: Location): Location {
  const marked = place.excerpt?.find((line) => line.line === place.line);
  if (!marked || marked.text.length <= LONG_LINE) return place;
  const left = Math.max(0, place.column - 1 - LONG_LINE / 4);
  const endColumn = place.endLine === place.line ? place.endColumn - left : place.endColumn;
  const excerpt = place.excerpt?.map((line) => ({ ...line, text: line.text.slice(left, left + LONG_LINE) }));
  return { ...place, column: place.column - left, endColumn, excerpt };
}

interface Window {
  readonly text: string;
  /** Column from which the lines are shown. */
  readonly from: number;
  /** Columns before the carets. */
  readonly indent: number;
  readonly carets: number;
}

/** The stretch of a line around the place, and where its carets go. */
function openWindow(line: string, location: Location, room: number): Window {
  const cells = splitCells(line);
  const start = location.column - 1;
  const end = location.endLine === location.line ? location.endColumn - 1 : line.length;
  const before = sumWidth(cells.filter((cell) => cell.end <= start));
  const marked = sumWidth(cells.filter((cell) => cell.end > start && cell.start < end));
  const total = sumWidth(cells);
  const isCut = total > room && before + marked > room - 1;
  const shownBefore = Math.min(COLUMNS_BEFORE, Math.floor(room / 3));
  const from = isCut ? Math.max(0, Math.min(before - shownBefore, total - room + 2)) : 0;
  const text = cutCells(cells, from, room);
  const indent = before - from + (from > 0 ? 1 : 0);
  const carets = Math.max(1, Math.min(marked, sumWidth(splitCells(text)) - indent));
  return { text, from, indent, carets };
}

/** Leaves out what stands before a column and what does not fit the room, each with `…` in its place. */
function cutCells(cells: readonly Cell[], from: number, room: number): string {
  let column = 0;
  let shown = '';
  let used = from > 0 ? 1 : 0;
  for (const cell of cells) {
    column += cell.width;
    if (column <= from) continue;
    // A wide character that the edge cuts leaves a blank in its place.
    const text = column - cell.width < from ? ' '.repeat(column - from) : cell.text;
    used += Math.min(cell.width, column - from);
    if (used > room) return `${from > 0 ? '…' : ''}${shown}…`;
    shown += text;
  }
  return `${from > 0 && column > from ? '…' : ''}${shown}`.trimEnd();
}

function sumWidth(cells: readonly Cell[]): number {
  return cells.reduce((sum, cell) => sum + cell.width, 0);
}
