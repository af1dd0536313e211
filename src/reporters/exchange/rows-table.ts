import { formatValue } from '../../expr/index.ts';
import type { SqlReceived } from '../../model/exchange.ts';
import { measureColumns } from '../../util/cells.ts';
import { takeShown } from '../../util/take-shown.ts';

type Row = NonNullable<SqlReceived['rows']>[number];

/** Lines, and how many rows they show. */
interface Drawing {
  readonly lines: readonly string[];
  readonly shown: number;
}

const MAX_WIDTH = 110;
const MAX_LINES = 20;
/** Head and rule of a table, and the line about what is left out. */
const EXTRA_LINES = 3;
const MAX_CELL = 40;
const LONGEST_CELL = 1000;

/** Draws the rows that came, a screenful of them: as a table where that fits, else each row with a line for each column. */
export function drawRows({ columns, rows = [], rowCount }: Pick<SqlReceived, 'columns' | 'rows' | 'rowCount'>): string {
  const names = [...new Set(columns)];
  const { lines, shown } = drawTable(names, rows) ?? drawRecords(names, rows);
  return [...lines, ...writeMore(rowCount - shown)].join('\n');
}

function drawTable(names: readonly string[], rows: readonly Row[]): Drawing | undefined {
  const cut = takeShown(rows, MAX_LINES - EXTRA_LINES);
  const shown = cut.shown.map((row) => names.map((name) => writeCell(row, name)));
  // A cell is not measured to its end, which may be far: it is too wide long before.
  if (shown.some((cells) => cells.some((cell) => cell.length > LONGEST_CELL))) return undefined;
  const widths = names.map((name, at) =>
    Math.max(...[name, ...shown.map((cells) => cells[at] ?? '')].map(measureColumns)),
  );
  const total = widths.reduce((sum, width) => sum + width + 3, -3);
  if (total > MAX_WIDTH || Math.max(...widths) > MAX_CELL) return undefined;
  const draw = (cells: readonly string[]) =>
    cells
      .map((cell, at) => padTo(cell, widths[at] ?? 0))
      .join(' | ')
      .trimEnd();
  const rule = widths.map((width) => '-'.repeat(width)).join('-+-');
  return { lines: [draw(names), rule, ...shown.map(draw)], shown: shown.length };
}

function drawRecords(names: readonly string[], rows: readonly Row[]): Drawing {
  const width = Math.min(MAX_CELL, Math.max(...names.map(measureColumns)));
  const count = Math.max(1, Math.floor(MAX_LINES / (names.length + 1)));
  const shown = rows.slice(0, count);
  const lines = shown.flatMap((row, index) => [
    `row ${index + 1}`,
    ...names.map((name) => `  ${padTo(name, width)} | ${writeCell(row, name)}`),
  ]);
  return { lines, shown: shown.length };
}

function writeCell(row: Row, name: string): string {
  return formatValue(row[name] ?? null, Number.POSITIVE_INFINITY);
}

function padTo(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - measureColumns(text)));
}

function writeMore(count: number): readonly string[] {
  return count > 0 ? [`… and ${count} more`] : [];
}
