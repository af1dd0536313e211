/** 64 bits of a text, in two halves. */
export interface Fingerprint {
  high: number;
  low: number;
}

/** Writes the fingerprint of a text into `into`: two lanes that are mixed with each other (as MurmurHash3 ends), so that near texts lie far apart. */
export function writeFingerprint(text: string, into: Fingerprint): void {
  let a = 0xdeadbeef ^ text.length;
  let b = 0x41c6ce57 ^ text.length;
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    a = Math.imul((a << 13) | (a >>> 19), 5) ^ Math.imul(code + 0x9e37, 0x85ebca77);
    b = Math.imul((b << 15) | (b >>> 17), 9) ^ Math.imul(code + 0x7f4a, 0xc2b2ae3d);
  }
  a = mix(a ^ Math.imul(b, 0x27d4eb2f));
  b = mix(b ^ Math.imul(a, 0x165667b1));
  into.high = (a ^ b) >>> 0;
  into.low = mix(b + Math.imul(a, 0x9e3779b1)) >>> 0;
}

function mix(half: number): number {
  let mixed = half ^ (half >>> 16);
  mixed = Math.imul(mixed, 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return mixed ^ (mixed >>> 16);
}

/** How likely it is that any of so many texts is taken for another one. */
export function chanceOfTwins(count: number): number {
  return (count * Math.max(0, count - 1)) / 2 / 2 ** 64;
}
