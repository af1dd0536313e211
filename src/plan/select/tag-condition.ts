import { TAG_WORDS } from '../read/tag-words.ts';

/** Whether the tags of a flow are those that are asked for. */
export interface TagCondition {
  matches(tags: readonly string[]): boolean;
  /** The tags that it names. */
  readonly names: readonly string[];
}

/** A condition that cannot be read; `help` says what to write. */
export class TagMistake extends Error {
  override readonly name = 'TagMistake';
  readonly help: string;

  constructor(message: string, help: string) {
    super(message);
    this.help = help;
  }
}

type Judge = (tags: ReadonlySet<string>) => boolean;

/** What other tools write for the words. */
const SIGNS: Readonly<Record<string, string>> = {
  '&&': 'and',
  '&': 'and',
  '||': 'or',
  '|': 'or',
  ',': 'or',
  '!': 'not',
};
const PART = /\s*(\(|\)|&&?|\|\|?|,|!|[^\s()&|,!]+)/gy;

/** Reads `smoke and not (slow or flaky)`; `not` binds before `and`, `and` before `or`. @throws TagMistake */
export function readTagCondition(text: string): TagCondition {
  return new Reader(text).read();
}

class Reader {
  readonly #parts: readonly string[];
  readonly #names = new Set<string>();
  #at = 0;

  constructor(text: string) {
    this.#parts = [...text.matchAll(PART)].map(([, part = '']) => part.replace(/^@/, ''));
    const sign = this.#parts.find((part) => Object.hasOwn(SIGNS, part));
    if (sign === undefined) return;
    throw new TagMistake(
      `\`${sign}\` is no word of a condition on tags`,
      `write \`${SIGNS[sign]}\`, as in \`${EXAMPLE}\``,
    );
  }

  read(): TagCondition {
    const judge = this.#readOr();
    const rest = this.#parts[this.#at];
    if (rest === ')') throw new TagMistake('a `)` has no `(`', `for example \`${EXAMPLE}\``);
    if (rest !== undefined) {
      const before = this.#parts[this.#at - 1] ?? '';
      const both = TAG_WORDS.has(before) || TAG_WORDS.has(rest) ? EXAMPLE : `${before} and ${rest}`;
      throw new TagMistake(
        `neither \`and\` nor \`or\` stands between \`${before}\` and \`${rest}\``,
        `write \`${both}\`, or \`${both.replace(' and ', ' or ')}\`; a tag is one word`,
      );
    }
    return { matches: (tags) => judge(new Set(tags)), names: [...this.#names] };
  }

  #readOr(): Judge {
    const judges = [this.#readAnd()];
    while (this.#take('or')) judges.push(this.#readAnd());
    return (tags) => judges.some((judge) => judge(tags));
  }

  #readAnd(): Judge {
    const judges = [this.#readOne()];
    while (this.#take('and')) judges.push(this.#readOne());
    return (tags) => judges.every((judge) => judge(tags));
  }

  #readOne(): Judge {
    if (this.#take('not')) {
      const judge = this.#readOne();
      return (tags) => !judge(tags);
    }
    if (this.#take('(')) {
      const judge = this.#readOr();
      if (!this.#take(')')) throw new TagMistake('a `(` is not closed', `for example \`${EXAMPLE}\``);
      return judge;
    }
    const name = this.#parts[this.#at];
    if (name === undefined || TAG_WORDS.has(name)) {
      throw new TagMistake(this.#describeMissing(name), `for example \`${EXAMPLE}\``);
    }
    this.#at++;
    this.#names.add(name);
    return (tags) => tags.has(name);
  }

  #describeMissing(next: string | undefined): string {
    const before = this.#parts[this.#at - 1];
    if (before === undefined) return next === undefined ? 'no tag is named' : `a tag is missing before \`${next}\``;
    return `a tag is missing after \`${before}\``;
  }

  #take(word: string): boolean {
    if (this.#parts[this.#at] !== word) return false;
    this.#at++;
    return true;
  }
}

const EXAMPLE = 'smoke and not slow';
