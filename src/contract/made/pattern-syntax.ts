/** What a regular expression takes, as far as texts can be made of it. */
export type Piece =
  /** One of these characters. */
  | { readonly kind: 'chars'; readonly chars: readonly string[] }
  | { readonly kind: 'sequence'; readonly pieces: readonly Piece[] }
  | { readonly kind: 'choice'; readonly pieces: readonly Piece[] }
  | { readonly kind: 'repeat'; readonly piece: Piece; readonly min: number; readonly max: number };

const PRINTABLE = Array.from({ length: 95 }, (_, at) => String.fromCharCode(32 + at));
const CLASSES: Readonly<Record<string, (char: string) => boolean>> = {
  d: (char) => /\d/.test(char),
  w: (char) => /\w/.test(char),
  s: (char) => char === ' ',
};
const CONTROLS: Readonly<Record<string, string>> = { t: '\t', n: '\n', r: '\r', f: '\f', v: '\v', 0: '\0' };
const NOTHING: Piece = { kind: 'sequence', pieces: [] };
const MOST_REPEATS = 1_000;

/** Reads a regular expression; undefined where it holds what no text is made of here (looks ahead, references to groups). */
export function readPattern(source: string): Piece | undefined {
  const reader = new PatternReader(source);
  const piece = reader.readChoice();
  return reader.isDone ? piece : undefined;
}

class PatternReader {
  readonly #source: string;
  #at = 0;
  #isRefused = false;

  constructor(source: string) {
    this.#source = source;
  }

  get isDone(): boolean {
    return this.#at === this.#source.length && !this.#isRefused;
  }

  readChoice(): Piece {
    const pieces = [this.#readSequence()];
    while (this.#take('|')) pieces.push(this.#readSequence());
    return pieces.length === 1 && pieces[0] ? pieces[0] : { kind: 'choice', pieces };
  }

  #readSequence(): Piece {
    const pieces: Piece[] = [];
    while (this.#at < this.#source.length && !this.#isRefused && !/[|)]/.test(this.#char))
      pieces.push(this.#readRepeat());
    return { kind: 'sequence', pieces };
  }

  #readRepeat(): Piece {
    const piece = this.#readOne();
    const counts = this.#match(/^(?:([*+?])|\{(\d+)(?:(,)(\d*))?\})\??/);
    if (!counts) return piece;
    const [, sign, from = '0', comma, to = ''] = counts;
    const min = sign === undefined ? Number(from) : sign === '+' ? 1 : 0;
    const open = sign === '?' ? 1 : Number.POSITIVE_INFINITY;
    const max = sign !== undefined ? open : comma === undefined ? min : to === '' ? open : Number(to);
    if (min > MOST_REPEATS) this.#isRefused = true;
    return { kind: 'repeat', piece, min, max };
  }

  #readOne(): Piece {
    if (this.#match(/^(?:\^|\$|\\[bBAzZ])/)) return NOTHING;
    if (this.#take('(')) return this.#readGroup();
    if (this.#take('[')) return this.#readClass();
    if (this.#take('.')) return { kind: 'chars', chars: PRINTABLE.filter((char) => /\w/.test(char)) };
    if (this.#take('\\')) return { kind: 'chars', chars: this.#readEscape() };
    const char = this.#char;
    this.#at++;
    return { kind: 'chars', chars: [char] };
  }

  #readGroup(): Piece {
    const isPlain = !this.#source.startsWith('?', this.#at) || this.#match(/^\?(?::|P?<[A-Za-z_]\w*>)/) !== null;
    if (!isPlain) this.#isRefused = true;
    const piece = this.readChoice();
    if (!this.#take(')')) this.#isRefused = true;
    return piece;
  }

  #readClass(): Piece {
    const isNegated = this.#take('^');
    const chars = new Set<string>();
    for (let isFirst = true; isFirst || !this.#take(']'); isFirst = false) {
      if (this.#at >= this.#source.length || this.#isRefused) {
        this.#isRefused = true;
        return NOTHING;
      }
      for (const char of this.#readRange()) chars.add(char);
    }
    const allowed = isNegated ? PRINTABLE.filter((char) => !chars.has(char)) : [...chars];
    if (allowed.length === 0) this.#isRefused = true;
    return { kind: 'chars', chars: allowed };
  }

  #readRange(): readonly string[] {
    const first = this.#readClassChar();
    const [from] = first;
    if (first.length !== 1 || from === undefined || !/^-[^\]]/.test(this.#source.slice(this.#at))) return first;
    this.#at++;
    const last = this.#readClassChar()[0] ?? from;
    const [low, high] = [from.codePointAt(0) ?? 0, last.codePointAt(0) ?? 0];
    // Of a long range its beginning is enough.
    return Array.from({ length: Math.max(0, Math.min(high - low + 1, 100)) }, (_, at) =>
      String.fromCodePoint(low + at),
    );
  }

  #readClassChar(): readonly string[] {
    if (this.#take('\\')) return this.#readEscape();
    const char = this.#char;
    this.#at += char.length;
    return [char];
  }

  #readEscape(): readonly string[] {
    const code = this.#match(/^(?:u([\da-fA-F]{4})|u\{([\da-fA-F]+)\}|x([\da-fA-F]{2}))/);
    if (code) return [String.fromCodePoint(Number.parseInt(code[1] ?? code[2] ?? code[3] ?? '', 16))];
    if (this.#match(/^p\{[LN][a-z]?\}/)) return PRINTABLE.filter((char) => /[a-z]/.test(char));
    const char = this.#char;
    this.#at++;
    const isIn = CLASSES[char.toLowerCase()];
    if (isIn) return PRINTABLE.filter((one) => isIn(one) === (char === char.toLowerCase()));
    if (/[1-9kpP]/.test(char) || char === '') this.#isRefused = true;
    return [CONTROLS[char] ?? char];
  }

  get #char(): string {
    return this.#source[this.#at] ?? '';
  }

  #take(text: string): boolean {
    if (!this.#source.startsWith(text, this.#at)) return false;
    this.#at += text.length;
    return true;
  }

  #match(pattern: RegExp): RegExpExecArray | null {
    const match = pattern.exec(this.#source.slice(this.#at, this.#at + 100));
    if (match) this.#at += match[0].length;
    return match;
  }
}
