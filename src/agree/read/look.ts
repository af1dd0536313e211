import type { Value, ValueMap } from '../../expr/index.ts';
import type { Location } from '../../model/events.ts';

/** One time that the flow said something, or was told something: what one step sent and got. */
export interface Look {
  /** When it was over: its position among all that the flow's steps began and ended. */
  readonly index: number;
  /** When it began, likewise. */
  readonly begunAt: number;
  /** Address of the step; of a poll's look that of the poll. */
  readonly step: string;
  readonly location: Location;
  /** Words that its conditions read, where it waits until they hold: of these it says how they came to be. */
  readonly awaited?: ReadonlySet<string> | undefined;
  /** Whether a later look of the same poll took its place: then it only shows what changes. */
  isReplaced: boolean;
}

/**
 * How far what is said holds. `whole`: now, all of it; `created`: an event that says how the thing began; `state`: a message that says
 * how it is; `changed`: an event that says what it was changed to; `other`: any other event about it; `aside`: an event about something
 * else that only names it.
 */
export type Bearing = 'whole' | 'created' | 'state' | 'changed' | 'other' | 'aside';

/** Something that was said as a whole: a body, a row, a message. */
export interface Root {
  readonly look: Look;
  readonly kind: 'request' | 'answer' | 'row' | 'message';
  /** What was looked at, by which two looks at the same are known: `GET http://localhost:5003/api/v1/orders/7`. */
  readonly source: string;
  /** For people: `answer of POST /api/v1/orders`. */
  readonly title: string;
  /** As in an assertion of the step: `body`, `rows[0]`, `message.value`. */
  readonly path: string;
  readonly value: Value;
  readonly bearing: Bearing;
}

/** What is said of one thing. */
export interface Saying {
  readonly root: Root;
  /** The types that it may be of, the likeliest first; none: the place does not say. */
  readonly types: readonly string[];
  readonly id: string;
  readonly path: string;
  readonly record: ValueMap;
  /** Of a row: the columns that stand in it as in the table; absent: all. */
  readonly columns?: ReadonlySet<string> | undefined;
  /** Whether it stands inside of what is said of another thing, and may be a copy that was true once. */
  readonly isEmbedded: boolean;
  readonly bearing: Bearing;
}

/** Things that belong to another and need no id of their own: the lines of an order. */
export interface ItemList {
  readonly root: Root;
  readonly parent: { readonly types: readonly string[]; readonly id: string };
  /** The type of an item, without that of its parent. */
  readonly kind: string;
  readonly items: readonly Item[];
  readonly bearing: Bearing;
}

export interface Item {
  readonly path: string;
  readonly record: ValueMap;
  readonly columns?: ReadonlySet<string> | undefined;
}

/** What was said in one place. */
export interface Said {
  readonly sayings: Saying[];
  readonly lists: ItemList[];
}

/** An id as the text that it is known by; undefined of what is none. */
export function readId(value: Value | undefined): string | undefined {
  if (typeof value === 'string') return value.length > 0 && value.length <= 200 ? value.toLowerCase() : undefined;
  if (value === undefined || value === null || typeof value === 'boolean') return undefined;
  const text = String(value);
  return /^-?\d+$/.test(text) ? text : undefined;
}
