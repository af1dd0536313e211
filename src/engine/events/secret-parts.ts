import { LONGEST_PIECE } from './needle.ts';
import { SHORTEST_ALONE, SHORTEST_PART } from './secret-spellings.ts';

/** What stands alone where a secret of several parts is taken apart: short lines, and the texts and numbers in JSON. */
export interface SecretParts {
  /** Are secrets themselves. */
  readonly long: readonly string[];
  /** Are masked as whole values alone: inside of others stand ports and years like them. */
  readonly short: readonly string[];
}

const IS_JSON = /^\s*[[{]/;
const QUOTED = /"(?:[^"\\]|\\.)*"/gs;
const NUMBER = /-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;
const FRAME = /^-+[A-Z ]+-+$/;

export function listParts(secret: string): SecretParts {
  const lines = secret.includes('\n') ? secret.split(/\r?\n/).filter((line) => line.length < LONGEST_PIECE) : [];
  const inJson = listInJson(secret);
  const all = [...lines, ...inJson].filter((part) => !FRAME.test(part));
  const isLong = (part: string): boolean => part.trim().length >= SHORTEST_ALONE;
  return {
    long: all.filter(isLong),
    short: inJson.filter((part) => !isLong(part) && part.trim().length >= SHORTEST_PART && /\d/.test(part)),
  };
}

function listInJson(secret: string): readonly string[] {
  if (!IS_JSON.test(secret)) return [];
  const texts: string[] = [];
  try {
    JSON.parse(secret, (_key, value: unknown) => {
      if (typeof value === 'string') texts.push(value);
      return null;
    });
  } catch {
    return [];
  }
  // Numbers as they are written: flows keep all their digits.
  return [...texts, ...(secret.replaceAll(QUOTED, '').match(NUMBER) ?? [])];
}
