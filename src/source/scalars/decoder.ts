/** A scalar's text with the source offsets of each of its UTF-16 units. */
export interface DecodedText {
  readonly text: string;
  readonly starts: readonly number[];
  readonly ends: readonly number[];
  /** Where the content begins, for an empty text. */
  readonly contentStart: number;
}

/** Collects decoded text unit by unit. */
export class Decoder implements DecodedText {
  text = '';
  readonly starts: number[] = [];
  readonly ends: number[] = [];
  readonly contentStart: number;

  constructor(contentStart: number) {
    this.contentStart = contentStart;
  }

  put(text: string, start: number, end: number): void {
    this.text += text;
    for (let unit = 0; unit < text.length; unit++) {
      this.starts.push(start);
      this.ends.push(end);
    }
  }

  copy(source: string, from: number, to: number, offset: number): void {
    for (let at = from; at < to; at++) this.put(source[at] ?? '', offset + at, offset + at + 1);
  }
}
