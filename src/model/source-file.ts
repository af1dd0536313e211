/** A text file that spans point into. */
export interface SourceFile {
  /** As shown to people: relative to the working directory when it lies below it. */
  readonly path: string;
  readonly absolutePath: string;
  readonly text: string;
  /** Offset at which each line starts, ascending; the first is 0. */
  readonly lineStarts: readonly number[];
  /** Whether no finding may show its lines: data with secrets in it. */
  readonly hidesLines?: boolean | undefined;
}

/** A stretch of a source file: offsets in UTF-16 units, `end` exclusive. */
export interface Span {
  readonly file: SourceFile;
  readonly start: number;
  readonly end: number;
}

/** Text taken from a file, with the way back from its characters to the file's. */
export interface TextAt {
  readonly text: string;
  readonly span: Span;
  /** The place in the file of `length` characters of `text` from `offset` on (escapes and folds are mapped back). */
  locate(offset: number, length?: number): Span;
}

/** Line and column as editors count them, from 1. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** Makes a source file of a text that was read. */
export function createSourceFile(
  path: string,
  absolutePath: string,
  text: string,
  { hidesLines = false }: { readonly hidesLines?: boolean } = {},
): SourceFile {
  let lineStarts: readonly number[] | undefined;
  return {
    path,
    absolutePath,
    text,
    hidesLines,
    get lineStarts() {
      lineStarts ??= findLineStarts(text);
      return lineStarts;
    },
  };
}

/** Line and column of an offset, by binary search. */
export function positionAt(file: SourceFile, offset: number): Position {
  const starts = file.lineStarts;
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((starts[middle] ?? 0) <= offset) low = middle;
    else high = middle - 1;
  }
  return { line: low + 1, column: offset - (starts[low] ?? 0) + 1 };
}

function findLineStarts(text: string): readonly number[] {
  const starts = [0];
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return starts;
}

/** A line of a file, to be shown. */
export interface ExcerptLine {
  readonly line: number;
  readonly text: string;
}
