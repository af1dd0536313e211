import { isCaseless, type ValueMap } from '../../expr/index.ts';

/** Characters of a small event: no limit of the table is lower, neither of a text nor of a value. */
export const SMALL_EVENT = 20_000;
/** Nor is one of a list. */
const LEAST_ITEMS = 500;
const DEEPEST = 20;

/** What a quick look at an event comes to. */
export interface QuickLook {
  /** Whether it is so small that no limit of the table can be reached; then it has no maps of other keys than texts. */
  readonly isSmall: boolean;
  /** Whether it is small, and JSON as it stands: each value in it is written as it is. */
  readonly isJson: boolean;
}

const OTHER: QuickLook = { isSmall: false, isJson: false };
const SMALL: QuickLook = { isSmall: true, isJson: false };
const JSON_ALREADY: QuickLook = { isSmall: true, isJson: true };

/** Looks through an event once, where limiting and encoding it would each walk it by the table. */
export function lookQuickly(event: object): QuickLook {
  const looker = new Looker();
  if (!looker.look(event, 0)) return OTHER;
  return looker.isJson ? JSON_ALREADY : SMALL;
}

class Looker {
  isJson = true;
  #left = SMALL_EVENT;

  /** False as soon as it may not be small. */
  look(data: unknown, depth: number): boolean {
    if (typeof data === 'string') this.#left -= data.length;
    else if (typeof data === 'number') {
      if (!Number.isFinite(data) || Object.is(data, -0)) this.isJson = false;
    } else if (typeof data === 'object' && data !== null) {
      if (depth > DEEPEST) return false;
      return Array.isArray(data) ? this.#lookAtItems(data, depth + 1) : this.#lookAtFields(data, depth + 1);
    } else if (typeof data === 'bigint') this.isJson = false;
    return this.#left > 0;
  }

  #lookAtItems(items: readonly unknown[], depth: number): boolean {
    if (items.length > LEAST_ITEMS) return false;
    for (let at = 0; at < items.length; at++) if (!this.look(items[at], depth)) return false;
    return true;
  }

  #lookAtFields(data: object, depth: number): boolean {
    const prototype = Object.getPrototypeOf(data);
    // Dates, exact numbers, maps with other keys than texts.
    if (prototype !== Object.prototype && prototype !== null && !isCaseless(data as ValueMap)) return false;
    if (this.isJson && isCaseless(data as ValueMap)) this.isJson = false;
    // Neither here nor above over an iterator: this is done for each part of each event.
    for (const key in data) {
      this.#left -= key.length;
      if (key.startsWith('$')) this.isJson = false;
      if (!this.look((data as Readonly<Record<string, unknown>>)[key], depth)) return false;
    }
    return this.#left > 0;
  }
}
