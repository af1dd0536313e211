import type { SourceFile, Span, TextAt } from '../../model/source-file.ts';
import { decodeBlock } from './decode-block.ts';
import { decodeDouble, decodePlain, decodeSingle } from './decode-flow.ts';
import type { DecodedText } from './decoder.ts';

/** What the YAML parser keeps of a scalar's source. */
export interface ScalarToken {
  readonly type: 'scalar' | 'single-quoted-scalar' | 'double-quoted-scalar' | 'block-scalar';
  readonly offset: number;
  readonly source: string;
  /** Of a block scalar: the indentation of the collection around it. */
  readonly indent: number;
  /** Of a block scalar: the pieces of its header. */
  readonly props: readonly { readonly source: string }[];
}

/** Makes the text of a scalar, whose `locate` undoes escapes, folds and indentation; nothing is computed before it is asked. */
export function createScalarText(file: SourceFile, token: ScalarToken, text: string, span: Span): TextAt {
  if (token.type === 'scalar' && token.source === text) return createLinearText(file, text, token.offset, span);
  let decoded: DecodedText | undefined;
  return {
    text,
    span,
    locate(offset, length = 1) {
      decoded ??= decodeToken(token);
      // The parser has the last word on the text; where it reads differently, the whole scalar is the place.
      if (decoded.text !== text) return span;
      return locateIn(file, decoded, offset, length);
    },
  };
}

/** Makes text that stands in the file as it is, from `start` on. */
export function createLinearText(file: SourceFile, text: string, start: number, span: Span): TextAt {
  return new LinearText(file, text, start, span);
}

/** A class, for a file has thousands of them. */
class LinearText implements TextAt {
  readonly text: string;
  readonly span: Span;
  readonly #file: SourceFile;
  readonly #start: number;

  constructor(file: SourceFile, text: string, start: number, span: Span) {
    this.text = text;
    this.span = span;
    this.#file = file;
    this.#start = start;
  }

  locate(offset: number, length = 1): Span {
    const from = Math.min(Math.max(offset, 0), this.text.length);
    const to = Math.min(from + length, this.text.length);
    return { file: this.#file, start: this.#start + from, end: this.#start + to };
  }
}

/** The text of a scalar with the place of each of its characters, by our own reading. */
export function decodeToken(token: ScalarToken): DecodedText {
  if (token.type === 'scalar') return decodePlain(token.source, token.offset);
  if (token.type === 'single-quoted-scalar') return decodeSingle(token.source, token.offset);
  if (token.type === 'double-quoted-scalar') return decodeDouble(token.source, token.offset);
  const header = token.props[0]?.source ?? '|';
  const headerLength = token.props.reduce((sum, prop) => sum + prop.source.length, 0);
  return decodeBlock({ header, source: token.source, indent: token.indent, offset: token.offset + headerLength });
}

function locateIn(file: SourceFile, decoded: DecodedText, offset: number, length: number): Span {
  const { starts, ends, contentStart } = decoded;
  const from = Math.min(Math.max(offset, 0), starts.length);
  const to = Math.min(from + length, starts.length);
  if (to <= from) {
    const at = starts[from] ?? ends[from - 1] ?? contentStart;
    return { file, start: at, end: at };
  }
  const start = starts[from] ?? contentStart;
  return { file, start, end: Math.max(start, ends[to - 1] ?? start) };
}
