import { createRequire } from 'node:module';
import type * as CsvParse from 'csv-parse/sync';
import type { SourceFile, Span } from '../model/source-file.ts';

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

const WORDS: Readonly<Record<string, string>> = {
  CSV_QUOTE_NOT_CLOSED: 'a quote is opened and never closed',
  INVALID_OPENING_QUOTE: 'a quote stands inside of a cell that does not begin with one: write it twice, in quotes',
  CSV_INVALID_CLOSING_QUOTE: 'text follows a closing quote: a quote inside of a cell is written twice',
};

/** Reads the rows of a CSV file, the head too; empty lines are none. */
export function readCsv(file: SourceFile): readonly CsvRow[] | CsvMistake {
  const { parse }: typeof CsvParse = require('csv-parse/sync');
  const bytes = Buffer.from(file.text, 'utf8');
  try {
    const records = parse(bytes, { bom: true, info: true, skip_empty_lines: true, relax_column_count: true });
    let end = 0;
    return (records as unknown as readonly CsvRecord[]).map(({ record, info }) => {
      const start = end;
      end = info.bytes;
      return { cells: record, span: toSpan(file, bytes, { start, end }) };
    });
  } catch (error) {
    const {
      code,
      bytes: at,
      lines,
      message,
    } = error as { code?: string; bytes?: number; lines?: number; message: string };
    if (code === undefined) throw error;
    const start = file.lineStarts[Math.max(0, (lines ?? 1) - 1)];
    const span = start === undefined ? toSpan(file, bytes, { start: at ?? 0, end: at ?? 0 }) : lineAt(file, start);
    return { message: WORDS[code] ?? message, span };
  }
}

interface CsvRecord {
  readonly record: readonly string[];
  readonly info: { readonly bytes: number };
}

/** From the first byte of a row that is no line end to its last. */
function toSpan(file: SourceFile, bytes: Buffer, { start, end }: { start: number; end: number }): Span {
  const before = bytes.subarray(0, start).toString('utf8').length;
  const text = bytes.subarray(start, end).toString('utf8');
  const lead = /^[\s\uFEFF]*/.exec(text)?.[0].length ?? 0;
  return { file, start: before + lead, end: before + Math.max(lead, text.trimEnd().length) };
}

function lineAt(file: SourceFile, start: number): Span {
  const end = file.text.indexOf('\n', start);
  return { file, start, end: end === -1 ? file.text.length : end };
}
