import { ExprError, type ExprErrorDetails, type FunctionDef, type NameUse } from '../expr/index.ts';

const BLANK = /[ \t\n\r]*/y;
const ESCAPES: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', b: '\b', f: '\f', '/': '/', '\\': '\\' };
const MAX_NESTING = 50;

/** Of a path that is refused whatever else it could be read as. */
export class RefusalError extends ExprError {
  constructor(message: string, details: ExprErrorDetails) {
    super('syntax', message, details);
  }
}

/** Reads a path from left to right. */
export class PathReader {
  readonly source: string;
  readonly functions: ReadonlyMap<string, FunctionDef> | undefined;
  /** Names of the flow that were met, at their places. */
  readonly names: NameUse[] = [];
  at = 0;
  #nesting = 0;

  constructor(source: string, functions: ReadonlyMap<string, FunctionDef> | undefined) {
    this.source = source;
    this.functions = functions;
  }

  get char(): string {
    return this.source[this.at] ?? '';
  }

  skipBlanks(): void {
    BLANK.lastIndex = this.at;
    BLANK.exec(this.source);
    this.at = BLANK.lastIndex;
  }

  /** Takes what a sticky pattern finds here; undefined, without moving, when it does not. */
  take(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.source)?.[0];
    if (found !== undefined) this.at += found.length;
    return found;
  }

  /** Takes a text when it stands here. */
  takeText(text: string): boolean {
    if (!this.source.startsWith(text, this.at)) return false;
    this.at += text.length;
    return true;
  }

  /** Reads something that may hold itself. @throws ExprError when that happens too often */
  nest<T>(read: () => T): T {
    if (this.#nesting >= MAX_NESTING)
      throw new RefusalError('the path is nested too deeply', { offset: this.at, length: 1 });
    this.#nesting++;
    try {
      return read();
    } finally {
      this.#nesting--;
    }
  }

  /** Reads a text in quotes, from its opening quote. @throws ExprError at what RFC 9535 does not take */
  readQuoted(): string {
    const start = this.at;
    const quote = this.char;
    let text = '';
    this.at++;
    while (this.char !== quote) {
      if (this.at >= this.source.length)
        throw createSyntaxError('the quote that opens here is not closed', start, 1, `close it with \`${quote}\``);
      text += this.char === '\\' ? this.#readEscape(quote) : this.#readPlain();
    }
    this.at++;
    return text;
  }

  #readPlain(): string {
    const { char } = this;
    const code = char.charCodeAt(0);
    if (code < 0x20) {
      const written = writeEscape(char);
      throw createSyntaxError('a control character cannot stand in quotes', this.at, 1, `write \`${written}\``);
    }
    this.at++;
    return char;
  }

  #readEscape(quote: string): string {
    const start = this.at;
    const letter = this.source[start + 1] ?? '';
    if (letter === 'u') return this.#readUnicode();
    const meant = letter === quote ? quote : ESCAPES[letter];
    if (meant === undefined) {
      const isOtherQuote = letter === '"' || letter === "'";
      const hint = isOtherQuote
        ? `\`${letter}\` needs no backslash between ${quote === '"' ? 'double' : 'single'} quotes`
        : `a backslash is written \`\\\\\`; \`\\n\`, \`\\t\`, \`\\u0041\` and the like are known`;
      throw createSyntaxError(`\`\\${letter}\` is not an escape`, start, 2, hint);
    }
    this.at += 2;
    return meant;
  }

  /** `\u0041`, or two of them for a character beyond U+FFFF. */
  #readUnicode(): string {
    const start = this.at;
    const text = this.take(
      /\\u(?:[dD][89abAB][\da-fA-F]{2}\\u[dD][c-fC-F][\da-fA-F]{2}|(?![dD][89a-fA-F])[\da-fA-F]{4})/y,
    );
    if (text === undefined) {
      const isHalf = /^\\u[dD][89a-fA-F]/.test(this.source.slice(start));
      const message = isHalf ? 'this is half of a character' : '`\\u` needs four hexadecimal digits';
      const hint = isHalf
        ? 'write both halves, for example `\\uD83D\\uDE00`, or the character itself'
        : 'for example `\\u00e9`';
      throw createSyntaxError(message, start, Math.min(6, this.source.length - start), hint);
    }
    return String.fromCharCode(
      ...text
        .split('\\u')
        .slice(1)
        .map((digits) => Number.parseInt(digits, 16)),
    );
  }
}

/** The error of a path that does not parse. */
export function createSyntaxError(message: string, offset: number, length: number, hint?: string): ExprError {
  return new ExprError('syntax', message, { offset, length, hint });
}

function writeEscape(char: string): string {
  const letter = Object.keys(ESCAPES).find((name) => ESCAPES[name] === char);
  return `\\${letter ?? `u${char.charCodeAt(0).toString(16).padStart(4, '0')}`}`;
}
