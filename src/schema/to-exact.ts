import { ExactNumber } from '../expr/index.ts';

/** The number as the decimal it prints: as doubles 1.1 and 1.0 differ by more than 0.1, as decimals they do not. */
export function toExact(value: number | ExactNumber): number | ExactNumber {
  return typeof value === 'number' && Number.isFinite(value) ? new ExactNumber(String(value)) : value;
}
