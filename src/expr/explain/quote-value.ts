import { formatValue } from '../values/format.ts';
import type { Value } from '../values/value.ts';

/** Stands in a hint where it quotes something; of a private area, and taken out before anybody reads the hint. */
const MARK = '\u{f8fe}';

/** Writes a value, or a part of one, into a hint, which is known afterwards as one that quotes. */
export function quoteValue(value: Value, maxLength?: number): string {
  return markQuote(formatValue(value, maxLength));
}

/** Marks a text that says what stands in a value. */
export function markQuote(text: string): string {
  return `${MARK}${text}`;
}

/** Whether a hint quotes something. */
export function isQuoting(hint: string): boolean {
  return hint.includes(MARK);
}

/** The hint as it is read. */
export function withoutMarks(hint: string): string {
  return hint.replaceAll(MARK, '');
}
