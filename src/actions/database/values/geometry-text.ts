const NAMES = [
  '',
  'POINT',
  'LINESTRING',
  'POLYGON',
  'MULTIPOINT',
  'MULTILINESTRING',
  'MULTIPOLYGON',
  'GEOMETRYCOLLECTION',
];
/** How deep the lists of a type are nested: a point has none, a polygon rings of points. */
const DEPTHS = [0, 0, 1, 2];

/**
 * A geometry as MySQL keeps it (four bytes of SRID, then WKB) as well-known text: `POINT(1 2)`; with its SRID in front when it
 * has one: `SRID=4326;POINT(1 2)`. What cannot be read is base64.
 */
export function readGeometry(bytes: Buffer): string {
  try {
    const reader = new Wkb(bytes);
    const text = reader.readGeometry();
    const srid = bytes.readUInt32LE(0);
    return srid === 0 ? text : `SRID=${srid};${text}`;
  } catch (error) {
    if (error instanceof RangeError) return bytes.toString('base64');
    throw error;
  }
}

class Wkb {
  readonly #bytes: Buffer;
  #at = 4;
  #isLittle = true;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  readGeometry(): string {
    this.#isLittle = this.#bytes.readUInt8(this.#at++) === 1;
    const type = this.#readCount();
    const name = NAMES[type];
    if (!name) throw new RangeError(`type ${type} of geometry`);
    const body = type <= 3 ? this.#readPoints(DEPTHS[type] ?? 0) : this.#readParts(type);
    return body === '()' ? `${name} EMPTY` : `${name}${type === 1 ? `(${body})` : body}`;
  }

  #readPoints(depth: number): string {
    if (depth === 0) return `${this.#readNumber()} ${this.#readNumber()}`;
    return this.#readList(() => this.#readPoints(depth - 1));
  }

  #readParts(type: number): string {
    return this.#readList(() => {
      const part = this.readGeometry();
      return type === 7 ? part : part.replace(/^[A-Z]+/, '');
    });
  }

  #readList(readItem: () => string): string {
    const count = this.#readCount();
    const items: string[] = [];
    for (let index = 0; index < count; index++) items.push(readItem());
    return `(${items.join(', ')})`;
  }

  #readCount(): number {
    const count = this.#isLittle ? this.#bytes.readUInt32LE(this.#at) : this.#bytes.readUInt32BE(this.#at);
    this.#at += 4;
    return count;
  }

  #readNumber(): number {
    const number = this.#isLittle ? this.#bytes.readDoubleLE(this.#at) : this.#bytes.readDoubleBE(this.#at);
    this.#at += 8;
    return number;
  }
}
