import { countOf } from '../../util/count.ts';
import type { BoundStatement } from './sql/bind.ts';

/** Follows how many rows each statement of a step gave, of which the result has those of the last alone. */
export class PassedOver {
  #before: { readonly statement: BoundStatement; readonly rows: number } | undefined;
  #last: { readonly statement: BoundStatement; readonly rows: number } | undefined;

  add(statement: BoundStatement, rows: number): void {
    const last = this.#last;
    if (last && last.rows > 0 && readsRows(last.statement)) this.#before = last;
    this.#last = { statement, rows };
  }

  /** What is to be said where the last statement gave no rows, and one before it did: that there are none is said of the last. */
  describe(): string | undefined {
    const [before, last] = [this.#before, this.#last];
    if (!before || !last || last.rows > 0) return undefined;
    return `\`rows\` is empty, as the last statement (${last.statement.verb}) gave none: the ${countOf(before.rows, 'row')} of a ${before.statement.verb} before it are not in it`;
  }
}

/** Not `SELECT setval(…)`, whose row nobody asks for. */
function readsRows({ verb, text }: BoundStatement): boolean {
  return verb !== 'SELECT' || /\bfrom\b/i.test(text);
}
