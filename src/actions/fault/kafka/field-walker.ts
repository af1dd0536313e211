import type { Replace } from './address.ts';

type Walk = (walker: FieldWalker) => void;

/** Walks over the fields of a message in their order; what it replaces is new in the bytes that it gives, all else stays. */
export class FieldWalker {
  readonly #bytes: Buffer;
  readonly #isFlexible: boolean;
  readonly #replace: Replace;
  readonly #parts: Buffer[] = [];
  #at = 0;
  /** Up to here all is in the parts. */
  #taken = 0;

  constructor(bytes: Buffer, isFlexible: boolean, replace: Replace) {
    this.#bytes = bytes;
    this.#isFlexible = isFlexible;
    this.#replace = replace;
  }

  /** How many bytes it walked over. */
  get position(): number {
    return this.#at;
  }

  /** @throws RangeError at the end of the bytes, as all that reads */
  skip(count: number): void {
    if (count < 0 || this.#at + count > this.#bytes.length) throw new RangeError('the message ends before its fields');
    this.#at += count;
  }

  /** A text, or null. */
  text(): string | null {
    const length = this.#isFlexible ? this.#varint() - 1 : this.#int16();
    if (length < 0) return null;
    this.skip(length);
    return this.#bytes.toString('utf8', this.#at - length, this.#at);
  }

  /** Records: bytes that say first how many they are. */
  records(): void {
    const length = this.#isFlexible ? this.#varint() - 1 : this.int32();
    if (length > 0) this.skip(length);
  }

  list(walkOne: () => void): void {
    const count = this.#isFlexible ? this.#varint() - 1 : this.int32();
    for (let index = 0; index < count; index++) walkOne();
  }

  /** The tagged fields that end each part of a flexible answer; `walks` has what to do in those with the tag. */
  tags(walks: Readonly<Record<number, Walk>> = {}): void {
    if (!this.#isFlexible) return;
    for (let left = this.#varint(); left > 0; left--) {
      const walk = walks[this.#varint()];
      const start = this.#at;
      const length = this.#varint();
      this.skip(length);
      if (!walk) continue;
      const inner = new FieldWalker(this.#bytes.subarray(this.#at - length, this.#at), true, this.#replace);
      walk(inner);
      const bytes = inner.finish();
      this.#put(start, Buffer.concat([writeVarint(bytes.length), bytes]));
    }
  }

  /** Host and port, in the place of which others are put; a broker that is not there (port -1) has none. */
  address(): void {
    this.#readAddress(4);
  }

  /** The same with a port of two bytes. */
  shortAddress(): void {
    this.#readAddress(2);
  }

  int32(): number {
    this.skip(4);
    return this.#bytes.readInt32BE(this.#at - 4);
  }

  /** All bytes, those with it that it did not walk over. */
  finish(): Buffer {
    if (this.#parts.length === 0) return this.#bytes;
    return Buffer.concat([...this.#parts, this.#bytes.subarray(this.#taken)]);
  }

  #readAddress(portBytes: 2 | 4): void {
    const start = this.#at;
    const host = this.text() ?? '';
    const port = portBytes === 4 ? this.int32() : this.#uint16();
    if (host === '' || port <= 0) return;
    const other = this.#replace({ host, port });
    const text = Buffer.from(other.host);
    const length = this.#isFlexible ? writeVarint(text.length + 1) : writeNumber(text.length, 2);
    this.#put(start, Buffer.concat([length, text, writeNumber(other.port, portBytes)]));
  }

  #put(start: number, bytes: Buffer): void {
    this.#parts.push(this.#bytes.subarray(this.#taken, start), bytes);
    this.#taken = this.#at;
  }

  #int16(): number {
    this.skip(2);
    return this.#bytes.readInt16BE(this.#at - 2);
  }

  #uint16(): number {
    this.skip(2);
    return this.#bytes.readUInt16BE(this.#at - 2);
  }

  #varint(): number {
    let value = 0;
    for (let shift = 0; shift < 35; shift += 7) {
      this.skip(1);
      const byte = this.#bytes[this.#at - 1] ?? 0;
      value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) return value;
    }
    throw new RangeError('a number of more than 32 bits');
  }
}

function writeVarint(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value;
  for (; rest >= 0x80; rest = Math.floor(rest / 128)) bytes.push((rest % 128) + 0x80);
  return Buffer.from([...bytes, rest]);
}

function writeNumber(value: number, length: number): Buffer {
  const bytes = Buffer.alloc(length);
  bytes.writeUIntBE(value, 0, length);
  return bytes;
}
