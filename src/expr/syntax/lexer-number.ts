import { ExprError } from '../values/error.ts';
import { ExactNumber } from '../values/exact.ts';
import { isDoubleText } from '../values/numeral.ts';
import { suggestForNumber } from './foreign-number.ts';

const basePattern = /0(?:[xX][0-9a-fA-F_]*|[oO][0-7_]*|[bB][01_]*)/y;
const decimalPattern = /(?:[0-9][0-9_]*(?:\.(?!\.)[0-9_]*)?|\.[0-9][0-9_]*)(?:[eE][+-]?[0-9][0-9_]*)?/y;
const namePart = /[\p{L}\p{Nd}_$]/uy;

/** Finds the end of the number that begins at the offset; throws when letters stick to it. */
export function readNumber(source: string, offset: number): number {
  const end = matchEnd(basePattern, source, offset) ?? matchEnd(decimalPattern, source, offset) ?? offset + 1;
  namePart.lastIndex = end;
  if (namePart.test(source) && !source.startsWith('${', end)) {
    const text = source.slice(offset, end + 1);
    const hint = suggestForNumber(source, offset);
    throw new ExprError('syntax', `\`${text}\` is not a number`, { offset, length: text.length, hint });
  }
  return end;
}

/** The value of a number's text as it stands in a source. */
export function evaluateNumber(text: string, offset: number): number | ExactNumber {
  const digits = text.replaceAll('_', '');
  if (/^0[xob]/i.test(digits)) {
    if (digits.length === 2)
      throw new ExprError('syntax', `\`${text}\` has no digits`, { offset, length: text.length });
    const double = Number(digits);
    return Number.isSafeInteger(double) ? double : new ExactNumber(BigInt(digits).toString());
  }
  return isDoubleText(digits) ? Number(digits) : new ExactNumber(digits);
}

function matchEnd(pattern: RegExp, source: string, offset: number): number | undefined {
  pattern.lastIndex = offset;
  return pattern.test(source) ? pattern.lastIndex : undefined;
}
