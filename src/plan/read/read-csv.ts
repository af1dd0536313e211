import { createRequire } from 'node:module';
import type * as CsvParse from 'csv-parse/sync';
import type { SourceFile, Span } from '../../model/source-file.ts';

const require = createRequire(import.meta.url);

/** A row of a CSV file: its cells, and where it stands. */
export interface CsvRow {
  readonly cells: readonly string[];
  readonly span: Span;
}

/** What is wrong with a CSV file, and where. */
export interface CsvMistake {
  readonly message: string;
  readonly span: Span;
}

const NEVER_CLOSED = 'the quote that opens here is not closed in its cell';
const UNCLOSED: ReadonlySet<string> = new Set(['CSV_QUOTE_NOT_CLOSED', 'CSV_INVALID_CLOSING_QUOTE']);
const WORDS: Readonly<Record<string, string>> = {
  CSV_QUOTE_NOT_CLOSED: NEVER_CLOSED,
  INVALID_OPENING_QUOTE:
    'a quote is inside a cell that does not begin with one: quote the cell and double the quote inside it',
  CSV_INVALID_CLOSING_QUOTE: 'text follows a closing quote: a quote inside a cell is written twice',
};

/** Reads the rows of a CSV file, the head too; empty lines are none. */
export function readCsv(file: SourceFile): readonly CsvRow[] | CsvMistake {
  const { parse }: typeof CsvParse = require('csv-parse/sync');
  const bytes = Buffer.from(file.text, 'utf8');
  // As spreadsheets say it in a line of its own.
  const marked = /^\ufeff?sep=(.)\r?\n/i.exec(file.text);
  try {
    const records = parse(bytes, {
      bom: true,
      info: true,
      skip_empty_lines: true,
      relax_column_count: true,
      delimiter: marked?.[1] ?? findDelimiter(file.text),
      from_line: marked ? 2 : 1,
    });
    let at = marked?.[0].length ?? 0;
    let read = Buffer.byteLength(file.text.slice(0, at));
    return (records as unknown as readonly CsvRecord[]).map(({ record, info }) => {
      const text = bytes.subarray(read, info.bytes).toString('utf8');
      const span = spanOf(file, text, at);
      read = info.bytes;
      at += text.length;
      return { cells: record, span };
    });
  } catch (error) {
    const {
      code,
      bytes: at,
      lines,
      message,
    } = error as { code?: string; bytes?: number; lines?: number; message: string };
    if (code === undefined) throw error;
    const open = UNCLOSED.has(code) ? findOpenQuote(file.text) : undefined;
    if (open !== undefined) return { message: NEVER_CLOSED, span: lineFrom(file, open) };
    const start = file.lineStarts[Math.max(0, (lines ?? 1) - 1)];
    const span = start === undefined ? placeAfter(file, bytes.subarray(0, at ?? 0)) : lineAt(file, start);
    return { message: WORDS[code] ?? (file.hidesLines ? 'this is not CSV' : message), span };
  }
}

/** What the head has between its names: `,`, or where it has none, `;`, a tab or `|`, as spreadsheets write them. */
function findDelimiter(text: string): string {
  const head = /^[^\r\n]*/.exec(text.trimStart())?.[0] ?? '';
  return [',', ';', '\t', '|'].find((mark) => head.includes(mark)) ?? ',';
}

interface CsvRecord {
  readonly record: readonly string[];
  readonly info: { readonly bytes: number };
}

/** Of a row, from its first character that is no line end to its last. */
function spanOf(file: SourceFile, text: string, at: number): Span {
  const lead = /^[\s\uFEFF]*/.exec(text)?.[0].length ?? 0;
  return { file, start: at + lead, end: at + Math.max(lead, text.trimEnd().length) };
}

function placeAfter(file: SourceFile, bytes: Buffer): Span {
  const at = bytes.toString('utf8').length;
  return { file, start: at, end: at };
}

/** The quote that opens a cell which nothing closes, or which another line closes before more of a cell. */
function findOpenQuote(text: string): number | undefined {
  let open: number | undefined;
  for (let at = text.indexOf('"'); at !== -1; at = text.indexOf('"', at + 1)) {
    const isDoubled = open !== undefined && text[at + 1] === '"';
    if (isDoubled) at++;
    else if (open === undefined) open = at;
    else if (CELL_END.test(text.slice(at + 1, at + 2))) open = undefined;
    else return text.slice(open, at).includes('\n') ? open : undefined;
  }
  return open;
}

/** What stands behind a closing quote, whatever the separator. */
const CELL_END = /^[,;\t|\r\n]?$/;

function lineFrom(file: SourceFile, start: number): Span {
  return { ...lineAt(file, start), start };
}

function lineAt(file: SourceFile, start: number): Span {
  const end = file.text.indexOf('\n', start);
  return { file, start, end: end === -1 ? file.text.length : end };
}
