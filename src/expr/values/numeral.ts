/** A decimal number taken apart: sign × 0.digits × 10^exponent; zero has no digits. */
export interface Numeral {
  sign: -1 | 0 | 1;
  digits: string;
  exponent: number;
}

const numeralPattern = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d+))?$/;

/** Takes a decimal text apart, without leading or trailing zeros; undefined when it is no decimal number. */
export function parseNumeral(text: string): Numeral | undefined {
  const match = numeralPattern.exec(text);
  if (match === null) return undefined;
  const [, sign = '', whole = '', fraction = '', exponent = '0'] = match;
  if (whole === '' && fraction === '') return undefined;
  const all = whole + fraction;
  let start = 0;
  while (start < all.length && all[start] === '0') start++;
  let end = all.length;
  while (end > start && all[end - 1] === '0') end--;
  if (start === end) return { sign: 0, digits: '', exponent: 0 };
  return {
    sign: sign === '-' ? -1 : 1,
    digits: all.slice(start, end),
    exponent: whole.length - start + Number(exponent),
  };
}

/** Compares two numerals by value: negative, zero or positive. */
export function compareNumerals(a: Numeral, b: Numeral): number {
  if (a.sign !== b.sign) return a.sign - b.sign;
  if (a.exponent !== b.exponent) return a.sign * (a.exponent < b.exponent ? -1 : 1);
  if (a.digits === b.digits) return 0;
  return a.sign * (a.digits < b.digits ? -1 : 1);
}

/** Whether the numeral has no fraction. */
export function isWhole(numeral: Numeral): boolean {
  return numeral.digits.length <= numeral.exponent || numeral.sign === 0;
}

/** Whether the nearest double prints back the digits of this decimal text, trailing zeros aside. */
export function isDoubleText(text: string): boolean {
  if (text.length <= 15 && !/[eE]/.test(text)) return true;
  const double = Number(text);
  if (!Number.isFinite(double)) return false;
  const given = parseNumeral(text);
  const printed = parseNumeral(String(double));
  return given !== undefined && printed !== undefined && compareNumerals(given, printed) === 0;
}
