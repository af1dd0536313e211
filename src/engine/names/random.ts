/** Repeatable randomness: the same seed and stream give the same values, whatever else runs meanwhile. */
export interface Random {
  /** From 0 (inclusive) to 1 (exclusive), 32 bits. */
  random(): number;
  /** Shaped as a version 4 UUID. */
  uuid(): string;
  /** `digits` lower-case hex digits. */
  hex(digits: number): string;
  /** A stream of its own, which depends on the seed and the name only. */
  derive(stream: string): Random;
}

/** Makes a generator (sfc32, seeded by cyrb128); nothing is computed before the first value is asked for. */
export function createRandom(seed: string | number): Random {
  return new NamedRandom(String(seed));
}

const MOST_DIGITS = 64;
/** Where values become digits: one write for all of them. */
const digitBytes = Buffer.alloc(MOST_DIGITS / 2);

class NamedRandom implements Random {
  readonly #name: string;
  #next: (() => number) | undefined;

  constructor(name: string) {
    this.#name = name;
  }

  random(): number {
    return this.#nextInt() / 4_294_967_296;
  }

  uuid(): string {
    return formatUuid(this.hex(32));
  }

  hex(digits: number): string {
    if (digits > MOST_DIGITS) return this.hex(MOST_DIGITS) + this.hex(digits - MOST_DIGITS);
    for (let at = 0; at < digits; at += 8) digitBytes.writeUInt32BE(this.#nextInt(), at / 2);
    return digitBytes.toString('hex', 0, Math.ceil(digits / 2)).slice(0, digits);
  }

  derive(stream: string): Random {
    return new NamedRandom(`${this.#name}/${stream}`);
  }

  #nextInt(): number {
    this.#next ??= startSfc32(hashText(this.#name));
    return this.#next();
  }
}

function formatUuid(hex: string): string {
  const variant = '89ab'[Number.parseInt(hex.charAt(16), 16) & 3];
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20)}`;
}

function startSfc32([first, second, third, fourth]: Words): () => number {
  let a = first;
  let b = second;
  let c = third;
  let counter = fourth;
  const next = (): number => {
    const sum = (a + b + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = ((c << 21) | (c >>> 11)) + sum;
    return sum >>> 0;
  };
  for (let round = 0; round < 12; round++) next();
  return next;
}

type Words = readonly [number, number, number, number];

function hashText(text: string): Words {
  let a = 1_779_033_703;
  let b = 3_144_134_277;
  let c = 1_013_904_242;
  let d = 2_773_480_762;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    a = b ^ Math.imul(a ^ code, 597_399_067);
    b = c ^ Math.imul(b ^ code, 2_869_860_233);
    c = d ^ Math.imul(c ^ code, 951_274_213);
    d = a ^ Math.imul(d ^ code, 2_716_044_179);
  }
  a = Math.imul(c ^ (a >>> 18), 597_399_067);
  b = Math.imul(d ^ (b >>> 22), 2_869_860_233);
  c = Math.imul(a ^ (c >>> 17), 951_274_213);
  d = Math.imul(b ^ (d >>> 19), 2_716_044_179);
  a ^= b ^ c ^ d;
  return [a, b ^ a, c ^ a, d ^ a];
}
