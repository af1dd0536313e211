import type { Value } from '../../../expr/index.ts';

/**
 * Reads an array as Postgres writes it: `{1,NULL,"a,b"}`, nested, with or without bounds (`[0:1]={…}`).
 * Undefined when the text is no array.
 */
export function readArray(
  text: string,
  readItem: (text: string) => Value,
  delimiter = ',',
): readonly Value[] | undefined {
  const from = text.startsWith('[') ? text.indexOf('=') + 1 : 0;
  if (text[from] !== '{') return undefined;
  const reader = new ArrayReader(text, from, { readItem, delimiter });
  return reader.readAll();
}

class ArrayReader {
  readonly #text: string;
  readonly #readItem: (text: string) => Value;
  readonly #delimiter: string;
  #at: number;

  constructor(text: string, from: number, how: { readItem: (text: string) => Value; delimiter: string }) {
    this.#text = text;
    this.#at = from;
    this.#readItem = how.readItem;
    this.#delimiter = how.delimiter;
  }

  readAll(): readonly Value[] | undefined {
    const items = this.#readList();
    return this.#at === this.#text.length ? items : undefined;
  }

  #readList(): Value[] {
    const items: Value[] = [];
    this.#at++;
    while (this.#at < this.#text.length && this.#text[this.#at] !== '}') {
      items.push(this.#readOne());
      if (this.#text[this.#at] === this.#delimiter) this.#at++;
    }
    this.#at++;
    return items;
  }

  #readOne(): Value {
    const char = this.#text[this.#at];
    if (char === '{') return this.#readList();
    if (char === '"') return this.#readItem(this.#readQuoted());
    const start = this.#at;
    while (this.#at < this.#text.length && this.#text[this.#at] !== '}' && this.#text[this.#at] !== this.#delimiter)
      this.#at++;
    const text = this.#text.slice(start, this.#at);
    return text === 'NULL' ? null : this.#readItem(text);
  }

  #readQuoted(): string {
    let text = '';
    this.#at++;
    while (this.#at < this.#text.length && this.#text[this.#at] !== '"') {
      if (this.#text[this.#at] === '\\') this.#at++;
      text += this.#text[this.#at] ?? '';
      this.#at++;
    }
    this.#at++;
    return text;
  }
}
