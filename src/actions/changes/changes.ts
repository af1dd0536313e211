import type { Value, ValueMap } from '../../expr/index.ts';
import type { Detail, Problem } from '../../model/events.ts';
import { countOf } from '../../util/count.ts';

const KEPT = 100;
const SHOWN = 20;

const WORDS = { added: 'added to', deleted: 'deleted from', changed: 'changed in' };

/** One thing that is not as it was. */
export interface Change {
  /** The table or topic. */
  readonly place: string;
  readonly thing: 'row' | 'message';
  readonly what: 'added' | 'deleted' | 'changed';
  /** How many rows or messages it stands for. */
  readonly number: number;
  /** For people: what was added, or what it was and is. */
  readonly text: string;
  /** For the flow. */
  readonly value: ValueMap;
}

/** What changed, counted in full and kept as far as anybody reads it. */
export class Changes {
  readonly #kept: Change[] = [];
  readonly #numbers = new Map<string, { readonly change: Change; number: number }>();

  add(change: Change): void {
    if (this.#kept.length < KEPT) this.#kept.push(change);
    const kind = `${change.what} ${change.thing} ${change.place}`;
    const same = this.#numbers.get(kind);
    if (same) same.number += change.number;
    else this.#numbers.set(kind, { change, number: change.number });
  }

  get count(): number {
    return [...this.#numbers.values()].reduce((sum, { number }) => sum + number, 0);
  }

  /** The first of them, as the flow sees them. */
  get values(): readonly Value[] {
    return this.#kept.map(({ place, thing, what, value }) => ({
      [thing === 'row' ? 'table' : 'topic']: place,
      what,
      ...value,
    }));
  }

  /** `1 row added to orders, 2 rows changed in products`. */
  describe(): string {
    return [...this.#numbers.values()]
      .map(({ change, number }) => {
        return `${countOf(number, change.thing)} ${WORDS[change.what]} \`${change.place}\``;
      })
      .join(', ');
  }

  /** That they should not be there. */
  listProblems(): readonly Problem[] {
    if (this.#kept.length === 0) return [];
    return [{ outcome: 'failed', kind: 'expectation', message: `expected no change, got ${this.describe()}` }];
  }

  listDetails(): readonly Detail[] {
    if (this.#kept.length === 0) return [];
    const shown = this.#kept.slice(0, SHOWN);
    const hidden = this.count - shown.reduce((sum, { number }) => sum + number, 0);
    const lines = shown.map(({ place, what, text }) => `${place} ${what}: ${text}`);
    return [{ title: 'changes', lines: hidden > 0 ? [...lines, `… and ${hidden} more`] : lines }];
  }
}
