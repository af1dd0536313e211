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
  /** Whether it made something new, of which the answer is. */
  readonly isMaking: boolean;
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
  /** How many requests may have changed what it is: those that name it, and those that name nothing. */
  readonly epoch: number;
  /** How many may have changed its amounts: those to what it has to do with, too. */
  readonly amounts: number;
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
  readonly #options: CourseOptions;
  readonly #stands: { readonly index: number; readonly stand: Stand }[] = [];
  /** Requests that name it. */
  readonly #touches: Touch[] = [];
  readonly #waits: readonly Pause[];

  constructor(moments: readonly Moment[], options: CourseOptions) {
    this.#options = options;
    this.#waits = moments.filter((moment) => moment.kind === 'pause' && moment.awaited !== undefined) as Pause[];
    let stand: Stand = { epoch: 0, amounts: 0, isPending: false, quiet: options.isMade ? 0 : undefined };
    this.#stands.push({ index: -1, stand });
    for (const moment of moments) {
      stand = { ...stand, ...(moment.kind === 'pause' ? this.#pause(moment) : this.#touch(moment, stand)) };
      this.#stands.push({ index: moment.index, stand });
    }
  }

  /** How things stand when a look is over. */
  standAt({ index }: Look): Stand {
    const found = this.#stands.findLast((entry) => entry.index <= index);
    return found?.stand ?? { epoch: 0, amounts: 0, isPending: true, quiet: undefined };
  }

  /** How many times it was waited for a field before a look was over, or, without one, at all; `name` is folded. */
  countWaits(name: string, look?: Look): number {
    const words = name.split('.');
    const waits = this.#waits.filter((wait) => words.some((word) => wait.awaited?.has(word)));
    return look ? waits.filter((wait) => wait.index <= look.index).length : waits.length;
  }

  /** Whether a request that names it was under way during the look, which may have seen either. */
  isBeside({ index, begunAt }: Look): boolean {
    return this.#touches.some((touch) => touch.index !== index && touch.begunAt < index && begunAt < touch.index);
  }

  #pause({ begun }: Pause): Partial<Stand> {
    return begun.has(this.#options.id) ? {} : { quiet: undefined };
  }

  #touch(touch: Touch, { epoch, amounts }: Stand): Partial<Stand> {
    const { id, isMade, linked, known, firstSeen } = this.#options;
    const { text, shows, isMaking, index } = touch;
    if (shows.has(id) || namesId(text, id)) {
      const isFirst = this.#touches.length === 0 && firstSeen >= index;
      this.#touches.push(touch);
      const isShown = shows.has(id);
      const quiet = isMade && isShown ? index : undefined;
      return isFirst ? { quiet } : { epoch: epoch + 1, amounts: amounts + 1, isPending: !isShown, quiet };
    }
    const names = (one: string): boolean => shows.has(one) || namesId(text, one);
    // What was before it was seen is none of its course.
    if (index < firstSeen) return {};
    if ([...linked].some(names)) return { amounts: amounts + 1, quiet: undefined };
    if (known.some((one) => namesId(text, one))) return {};
    if (isMaking) return { amounts: amounts + 1, quiet: undefined };
    // It names nothing that is known: it may be about anything.
    return { epoch: epoch + 1, amounts: amounts + 1, isPending: true, quiet: undefined };
  }
}
