import type { Look } from '../read/look.ts';

/** Something after which things may not be what they were. */
export type Moment = Touch | Pause;

/** A request that may change what it names: other than a look, a message that was sent, SQL that writes. */
export interface Touch {
  readonly kind: 'touch';
  readonly index: number;
  readonly begunAt: number;
  /** All that was sent, in lower case. */
  readonly text: string;
  /** The ids of what was answered: so it was when the answer came. */
  readonly shows: ReadonlySet<string>;
}

/** A step that waits for what goes on by itself. */
export interface Pause {
  readonly kind: 'pause';
  readonly index: number;
  /** The ids of things that it saw no more of than their beginning. */
  readonly begun: ReadonlySet<string>;
  /** Words that its conditions read: what they name became what it was to be. */
  readonly awaited?: ReadonlySet<string> | undefined;
}

/** How things stand with one thing at a time. */
export interface Stand {
  /** How many requests have named it since it was first seen. */
  readonly epoch: number;
  /** Whether the last one said nothing of what became of it: it may still be going on. */
  readonly isPending: boolean;
  /** Since nothing that could change its state by itself was waited for: a number for each such time; undefined otherwise. */
  readonly quiet: number | undefined;
}

export interface CourseOptions {
  readonly id: string;
  /** Whether the flow made it: nobody else changes it. */
  readonly isMade: boolean;
  /** The ids of what it has to do with. */
  readonly linked: ReadonlySet<string>;
  /** All ids that the flow knows. */
  readonly known: readonly string[];
  /** Where it was first seen. */
  readonly firstSeen: number;
}

const SAFE_LENGTH = 6;

/** Whether a request names an id: short ones as a word of their own. */
export function namesId(text: string, id: string): boolean {
  if (id.length >= SAFE_LENGTH) return text.includes(id);
  for (let at = text.indexOf(id); at !== -1; at = text.indexOf(id, at + 1)) {
    const around = `${text[at - 1] ?? ' '}${text[at + id.length] ?? ' '}`;
    if (!/[\p{L}\p{N}]/u.test(around)) return true;
  }
  return false;
}

/** What one thing went through while the flow ran. */
export class Course {
  readonly #stands: { readonly index: number; readonly stand: Stand }[] = [];
  readonly #touches: Touch[] = [];
  readonly #waits: readonly Pause[];

  constructor(moments: readonly Moment[], options: CourseOptions) {
    const { id, isMade, linked, firstSeen } = options;
    this.#waits = moments.filter((moment) => moment.kind === 'pause' && moment.awaited !== undefined) as Pause[];
    const first: Stand = { epoch: 0, isPending: false, quiet: isMade ? 0 : undefined };
    this.#stands.push({ index: -1, stand: first });
    let stand = first;
    let quietCount = 0;
    for (const moment of moments) {
      if (moment.kind === 'pause') {
        if (!moment.begun.has(id)) stand = { ...stand, quiet: undefined };
      } else if (moment.shows.has(id) || namesId(moment.text, id)) {
        const isFirst = this.#touches.length === 0 && firstSeen >= moment.index;
        const isShown = moment.shows.has(id);
        this.#touches.push(moment);
        quietCount++;
        stand = {
          epoch: isFirst ? stand.epoch : stand.epoch + 1,
          isPending: !isFirst && !isShown,
          quiet: isMade && isShown ? quietCount : undefined,
        };
      } else if (concerns(moment, linked, options.known)) stand = { ...stand, quiet: undefined };
      else continue;
      this.#stands.push({ index: moment.index, stand });
    }
  }

  /** How things stand when a look is over. */
  standAt({ index }: Look): Stand {
    const found = this.#stands.findLast((entry) => entry.index <= index);
    return found?.stand ?? { epoch: 0, isPending: true, quiet: undefined };
  }

  /** How many times it was waited for a field before a look was over; `name` is folded. */
  countWaits(name: string, { index }: Look): number {
    const words = name.split('.');
    return this.#waits.filter((wait) => wait.index <= index && words.some((word) => wait.awaited?.has(word))).length;
  }

  /** Whether a request that names it was under way during the look, which may have seen either. */
  isBeside({ index, begunAt }: Look): boolean {
    return this.#touches.some((touch) => touch.index !== index && touch.begunAt < index && begunAt < touch.index);
  }
}

/** Whether a request has to do with a thing that it does not name: what it names does, or it names nothing that is known. */
function concerns({ text, shows }: Touch, linked: ReadonlySet<string>, known: readonly string[]): boolean {
  for (const id of linked) if (shows.has(id) || namesId(text, id)) return true;
  for (const id of known) if (namesId(text, id)) return false;
  return true;
}
