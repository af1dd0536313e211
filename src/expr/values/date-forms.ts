import type { DateValue } from './date.ts';

const FORM = /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:[.,](\d{1,9}))?)?\s*(Z|z|[+-]\d\d(?::?\d\d)?)?$/;
const DAY = /^\d{4}-\d\d-\d\d$/;
const LONGEST = 40;

/** Whether both texts are a date with a time by ISO 8601, with other zones or another precision: then their characters are not in the order of the times. */
export function haveOtherForms(a: string, b: string): boolean {
  const [x, y] = [readForm(a), readForm(b)];
  return x !== undefined && y !== undefined && x !== y;
}

/** Whether both texts are the same point in time by ISO 8601, be they spelled alike or not; two without a zone are of the same one. */
export function isSameInstant(a: string, b: string): boolean {
  const [x, y] = [readInstant(a), readInstant(b)];
  return x !== undefined && x === y;
}

/** Whether a text says this point in time by ISO 8601, in UTC where it has no zone. */
export function isInstantOf({ nanoseconds }: DateValue, text: string): boolean {
  const instant = readInstant(DAY.test(text) ? `${text}T00:00Z` : text)?.replace(LOCAL, '');
  const fraction = ((nanoseconds % SECOND) + SECOND) % SECOND;
  const digits = String(fraction).padStart(9, '0').replace(/0+$/, '');
  return instant === `${(nanoseconds - fraction) / 1_000_000n} ${digits}`;
}

const SECOND = 1_000_000_000n;
/** Stands behind what is no point in time but one on a clock, whose zone is not said. */
const LOCAL = ' local';

/** Milliseconds since 1970 up to the second, and what is below; undefined where the text is no such date. */
function readInstant(text: string): string | undefined {
  const match = text.length > LONGEST ? null : FORM.exec(text);
  if (!match) return undefined;
  const [whole, fraction = '', zone = ''] = match;
  const offset = /^z?$/i.test(zone)
    ? 'Z'
    : zone.replace(/^([+-]\d\d):?(\d\d)?$/, (_, hours, minutes = '00') => `${hours}:${minutes}`);
  const [wall = ''] = whole
    .slice(0, whole.length - zone.length)
    .trim()
    .replace(' ', 'T')
    .split(/[.,]/);
  const ms = Date.parse(`${wall}${offset}`);
  return Number.isNaN(ms) ? undefined : `${ms} ${fraction.replace(/0+$/, '')}${zone === '' ? LOCAL : ''}`;
}

/** The zone, the number of digits, and what stands between day and time. */
function readForm(text: string): string | undefined {
  const match = text.length > LONGEST ? null : FORM.exec(text);
  if (!match) return undefined;
  const [whole, fraction = '', zone = ''] = match;
  const digits = whole.length - zone.length;
  return `${whole[10]} ${digits} ${fraction.length} ${/^(?:z|[+-]00(?::?00)?)$/i.test(zone) ? 'Z' : zone}`;
}
