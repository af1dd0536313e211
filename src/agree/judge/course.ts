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
  /** The ids that the flow knows among what was sent; found when it knows all. */
  names?: ReadonlySet<string>;
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
  /** Where it was first seen. */
  readonly firstSeen: number;
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
      const change = moment.kind === 'pause' ? this.#pause(moment, stand) : this.#touch(moment, stand);
      if (!change) continue;
      stand = { ...stand, ...change };
      this.#stands.push({ index: moment.index, stand });
    }
  }

  /** How things stand when a look is over. */
  standAt({ index }: Look): Stand {
    // The last that is not later, found by halves.
    let [low, high] = [0, this.#stands.length - 1];
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if ((this.#stands[middle]?.index ?? 0) <= index) low = middle;
      else high = middle - 1;
    }
    return this.#stands[low]?.stand ?? { epoch: 0, amounts: 0, isPending: true, quiet: undefined };
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

  #pause({ begun }: Pause, { quiet }: Stand): Partial<Stand> | undefined {
    return quiet === undefined || begun.has(this.#options.id) ? undefined : { quiet: undefined };
  }

  #touch(touch: Touch, { epoch, amounts }: Stand): Partial<Stand> | undefined {
    const { id, isMade, linked, firstSeen } = this.#options;
    const { names = new Set<string>(), shows, isMaking, index } = touch;
    if (shows.has(id) || names.has(id)) {
      const isFirst = this.#touches.length === 0 && firstSeen >= index;
      this.#touches.push(touch);
      const isShown = shows.has(id);
      const quiet = isMade && isShown ? index : undefined;
      return isFirst ? { quiet } : { epoch: epoch + 1, amounts: amounts + 1, isPending: !isShown, quiet };
    }
    // What was before it was seen is none of its course.
    if (index < firstSeen) return undefined;
    if (hasOne(names, linked) || hasOne(shows, linked)) return { amounts: amounts + 1, quiet: undefined };
    if (names.size > 0) return undefined;
    if (isMaking) return { amounts: amounts + 1, quiet: undefined };
    // It names nothing that is known: it may be about anything.
    return { epoch: epoch + 1, amounts: amounts + 1, isPending: true, quiet: undefined };
  }
}

function hasOne(ids: ReadonlySet<string>, linked: ReadonlySet<string>): boolean {
  for (const id of ids) if (linked.has(id)) return true;
  return false;
}
