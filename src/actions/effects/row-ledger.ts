import type { RowDifference } from '../changes/row-differences.ts';
import { WAYS } from './expectation.ts';

/** What became of the rows of one table over several looks, as far as it lasted: a row that came and went did nothing. */
export class RowLedger {
  readonly #rows = new Map<string, RowDifference>();
  readonly #hasKey: boolean;

  constructor(hasKey: boolean) {
    this.#hasKey = hasKey;
  }

  /** Those that came first, then those that went, then those that changed. */
  get differences(): readonly RowDifference[] {
    const all = [...this.#rows.values()];
    return WAYS.flatMap((way) => all.filter(({ what }) => what === way));
  }

  add(differences: readonly RowDifference[]): void {
    for (const next of differences) {
      const { id } = next;
      const old = this.#rows.get(id);
      const joined = old ? this.#join(old, next) : next;
      if (joined) this.#rows.set(id, joined);
      else this.#rows.delete(id);
    }
  }

  #join(old: RowDifference, next: RowDifference): RowDifference | undefined {
    const { id } = next;
    if (!this.#hasKey || id === '') return joinCounts(old, next);
    const [before, after] = [old.before, next.after];
    if (before === after) return undefined;
    const what = before === undefined ? 'added' : after === undefined ? 'deleted' : 'changed';
    return { id, what, before, after, number: 1, whole: next.whole };
  }
}

/** Of equal rows, or of rows that were only counted, the number is all that there is. */
function joinCounts(old: RowDifference, next: RowDifference): RowDifference | undefined {
  const sign = ({ what, number }: RowDifference) => (what === 'added' ? number : -number);
  const more = sign(old) + sign(next);
  if (more === 0) return undefined;
  const content = old.after ?? old.before;
  const whole = old.whole ?? next.whole;
  const number = Math.abs(more);
  return more > 0
    ? { id: old.id, what: 'added', before: undefined, after: content, number, whole }
    : { id: old.id, what: 'deleted', before: content, after: undefined, number };
}
