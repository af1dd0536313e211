import type { SourceFile, Span } from '../../model/source-file.ts';

/** What a text is refused with that is not laid out plainly; made once, for it needs no stack. */
const NOT_PLAIN = new Error('this is not laid out plainly');

/** Blank lines, comments, and the indentation of the line behind them. */
const GAP = /(?: *(?:#[^\n]*)?\n)*( *)(?:#[^\n]*$)?/y;
/** Nothing but a comment up to the end of the line. */
const LINE_END = /(?: +#[^\n]*| *)(?:\n|$)/y;

/** A place in the text of a file that moves from line to line. */
export class PlainCursor {
  readonly file: SourceFile;
  readonly text: string;
  at = 0;
  /** The indentation of the line, at its first character; -1 behind the last line. */
  column = 0;

  constructor(file: SourceFile) {
    this.file = file;
    this.text = file.text;
    this.startLine();
  }

  /** What the pattern (sticky) finds here; the cursor moves behind it. */
  take(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = this.at;
    const match = pattern.exec(this.text);
    if (match) this.at = pattern.lastIndex;
    return match;
  }

  /** Like `take`, for a pattern of which only the end is wanted. */
  skip(pattern: RegExp): boolean {
    pattern.lastIndex = this.at;
    const isFound = pattern.test(this.text);
    if (isFound) this.at = pattern.lastIndex;
    return isFound;
  }

  /** Goes to the next line that holds something; false when something more stands in this one. */
  endLine(): boolean {
    if (!this.skip(LINE_END)) return false;
    this.startLine();
    return true;
  }

  spanFrom(start: number, end = this.at): Span {
    return { file: this.file, start, end };
  }

  /** From the start of a line to the first that holds something. */
  startLine(): void {
    const [, indent = ''] = this.take(GAP) ?? [];
    this.column = this.at < this.text.length ? indent.length : -1;
  }
}

/** Leaves the text to the parser that knows all of YAML. */
export function refuse(): never {
  throw NOT_PLAIN;
}

/** Undefined for a text that was refused. */
export function orRefused<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (error === NOT_PLAIN) return undefined;
    throw error;
  }
}
