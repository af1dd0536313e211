import type { Fingerprint } from './fingerprint.ts';

const BYTES = 8;
/** Of more a summary would be too long. */
const MOST_SHARED = 1_000_000;

/** Which keys one of several processes had accepted and which it found that it had not, by their fingerprints: eight bytes each, in base64. */
export interface SharedKeys {
  readonly accepted: string;
  /** Of each place. */
  readonly unexpected: readonly string[];
}

/** Gathers fingerprints to be written. */
export class KeyPack {
  readonly #prints: number[] = [];

  add({ high, low }: Fingerprint): void {
    if (this.isFull) return;
    this.#prints.push(high, low);
  }

  get isFull(): boolean {
    return this.#prints.length >= 2 * MOST_SHARED;
  }

  write(): string {
    return Buffer.from(Uint32Array.from(this.#prints).buffer).toString('base64');
  }
}

export function readKeyPack(text: string): ReadonlySet<bigint> {
  const bytes = Buffer.from(text, 'base64');
  const found = new Set<bigint>();
  for (let at = 0; at + BYTES <= bytes.length; at += BYTES)
    found.add(toPrint({ high: bytes.readUInt32LE(at), low: bytes.readUInt32LE(at + 4) }));
  return found;
}

export function toPrint({ high, low }: Fingerprint): bigint {
  return (BigInt(high) << 32n) | BigInt(low);
}
