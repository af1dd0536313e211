import { compareNumbers, ExactNumber, isList, isNumber, readIsoDate, type Value } from '../../expr/index.ts';

/** What two values of one field come to: they may also be of kinds that say nothing of each other. */
export type Sameness = 'same' | 'different' | 'unlike';

export interface Measure {
  /** Whether what is only written otherwise differs too: by case, by null in the place of a value, by a kind. */
  readonly isStrict: boolean;
}

/** Above this a text is compared only by whether it is the same. */
const LONG = 10_000;
const SLACK_MS = 60_000;
/** How far two results of the same calculation with doubles may be apart. */
const DRIFT = 1e-12;
const DECIMAL = /^-?\d+(?:\.\d+)?(?:e[+-]?\d+)?$/i;
const ZONED = /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:[.,]\d+)?)?(?:Z|[+-]\d\d(?::?\d\d)?)$/i;
const DATED = /^\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d.*)?$/;
const ENUM_WORD = /^[A-Za-z][A-Za-z\d]*(?:[ _-][A-Za-z\d]+)*$/;
const MASKED = /\*\*\*|^[*•x]{3,}/i;

/** Compares two values by what they mean: `1299.00` is 1299, as a text too, and a time is the same in another zone. */
export function compareSaid(a: Value, b: Value, measure: Measure): Sameness {
  const unlike = measure.isStrict ? 'different' : 'unlike';
  if (a === null || b === null) return a === b ? 'same' : unlike;
  const numbers = [readNumber(a), readNumber(b)] as const;
  if (numbers[0] !== undefined && numbers[1] !== undefined) return compareAmounts(numbers[0], numbers[1], a, b);
  if (typeof a === 'boolean' || typeof b === 'boolean') {
    const [left, right] = [readBool(a), readBool(b)];
    return left === undefined || right === undefined ? unlike : left === right ? 'same' : 'different';
  }
  if (typeof a === 'string' && typeof b === 'string') return compareTexts(a, b, measure);
  if (isList(a) && isList(b)) return compareLists(a, b, measure);
  return unlike;
}

/** Whether the value is a text with a date, or a date and a time. */
export function isDate(value: Value): boolean {
  return typeof value === 'string' && value.length < 40 && DATED.test(value);
}

function readNumber(value: Value): number | ExactNumber | undefined {
  if (isNumber(value)) return value;
  return typeof value === 'string' && value.length < 400 && DECIMAL.test(value) ? new ExactNumber(value) : undefined;
}

function compareAmounts(a: number | ExactNumber, b: number | ExactNumber, left: Value, right: Value): Sameness {
  if (typeof left === 'string' && left === right) return 'same';
  if (compareNumbers(a, b) === 0) return 'same';
  return isDrift(String(a), String(b)) || isDrift(String(b), String(a)) ? 'same' : 'different';
}

/** Whether a number is the other with what calculations with doubles add to it: `60.279999999999994` is 60.28. */
function isDrift(long: string, short: string): boolean {
  const [, fraction = ''] = long.split('.');
  const digits = long.replaceAll(/[-.]/g, '').replace(/^0+/, '').length;
  if (digits < 16 || fraction.length < 6 || /e/i.test(long + short)) return false;
  const [one, other] = [Number(long), Number(short)];
  if (Math.abs(one - other) <= Math.abs(one) * DRIFT) return true;
  const places = short.split('.')[1]?.length ?? 0;
  return places >= 2 && places < fraction.length && Number(one.toFixed(Math.min(places, 20))) === other;
}

function readBool(value: Value): boolean | undefined {
  if (typeof value === 'boolean') return value;
  if (value === 0 || value === 1) return value === 1;
  const word = typeof value === 'string' ? value.toLowerCase() : '';
  return word === 'true' || word === 't' ? true : word === 'false' || word === 'f' ? false : undefined;
}

function compareTexts(a: string, b: string, { isStrict }: Measure): Sameness {
  if (a === b) return 'same';
  if (isDate(a) && isDate(b)) return compareTimes(a, b, isStrict);
  if (isStrict || a.length > LONG || b.length > LONG) return a.normalize() === b.normalize() ? 'same' : 'different';
  if (MASKED.test(a) || MASKED.test(b)) return 'unlike';
  const [left, right] = [fold(a), fold(b)];
  if (left === right || isCut(left, right) || isCut(right, left)) return 'same';
  if (left === '' || right === '' || isCodeOf(a, b) || isCodeOf(b, a)) return 'unlike';
  if (ENUM_WORD.test(a) && ENUM_WORD.test(b)) return isSameWord(left, right) ? 'same' : 'different';
  // A reference may come with what it is of: `users/7`, `urn:user:7`.
  return isTail(left, right) || isTail(right, left)
    ? 'same'
    : looksPacked(a) || looksPacked(b)
      ? 'unlike'
      : 'different';
}

function fold(text: string): string {
  return text.normalize().trim().replaceAll(/\s+/g, ' ').toLowerCase();
}

/** Whether one is the beginning of the other, which says so itself. */
function isCut(short: string, whole: string): boolean {
  const kept = /^(.+?)\s*(?:…|\.\.\.)$/.exec(short)?.[1];
  return kept !== undefined && whole.startsWith(kept);
}

/** `ORDER_STATUS_PENDING` and `pending`. */
function isSameWord(a: string, b: string): boolean {
  const [left, right] = [a.replaceAll(/[ _-]/g, '_'), b.replaceAll(/[ _-]/g, '_')];
  return (
    left.replaceAll('_', '') === right.replaceAll('_', '') || left.endsWith(`_${right}`) || right.endsWith(`_${left}`)
  );
}

/** `DE` may be how another place says `Germany`. */
function isCodeOf(code: string, word: string): boolean {
  return /^[A-Z]{2,3}$/.test(code) && word.length > 3 && /^\p{L}/u.test(word);
}

function isTail(long: string, short: string): boolean {
  return short.length >= 1 && /[/:#]$/.test(long.slice(0, -short.length)) && long.endsWith(short);
}

/** Whether it holds more than a text: JSON, which says the same in many ways. */
function looksPacked(text: string): boolean {
  return /^\s*[{[]/.test(text);
}

/** Times are the same up to what the coarser of the two leaves out, at least to the minute where nobody is strict, for two clocks may each have said when; one without a zone says nothing of one with. */
function compareTimes(a: string, b: string, isStrict: boolean): Sameness {
  if (!ZONED.test(a) || !ZONED.test(b)) {
    const areDays = a.length === 10 && b.length === 10;
    return areDays || isStrict ? 'different' : 'unlike';
  }
  const [left, right] = [readMs(a), readMs(b)];
  if (left === undefined || right === undefined) return 'unlike';
  const unitMs = isStrict ? Math.max(unitOf(a), unitOf(b)) : SLACK_MS;
  return Math.abs(left - right) < unitMs ? 'same' : 'different';
}

function readMs(text: string): number | undefined {
  const date = readIsoDate(text);
  return date === undefined ? undefined : Number(date.nanoseconds) / 1e6;
}

/** The length of the last part that is written, ms. */
function unitOf(text: string): number {
  const fraction = /[.,](\d+)/.exec(text)?.[1];
  if (fraction !== undefined) return 1000 / 10 ** fraction.length;
  return /[T ]\d\d:\d\d:\d\d/i.test(text) ? 1000 : 60_000;
}

/** Lists of plain values, whatever their order; of other lengths they may be parts of one. */
function compareLists(a: readonly Value[], b: readonly Value[], measure: Measure): Sameness {
  if (a.length !== b.length) return measure.isStrict ? 'different' : 'unlike';
  const left = [...b];
  for (const item of a) {
    const at = left.findIndex((other) => compareSaid(item, other, measure) === 'same');
    if (at === -1) return 'different';
    left.splice(at, 1);
  }
  return 'same';
}
