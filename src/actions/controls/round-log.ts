import { formatValue, isList, isMap, type Value } from '../../expr/index.ts';
import type { SequenceOutcome } from '../../model/action/outcome.ts';
import type { Detail } from '../../model/events.ts';
import { countOf } from '../../util/count.ts';
import { hideByName, mayHideFields } from '../../util/hidden-fields.ts';
import { describeSize, MAX_HIDING } from './timeline.ts';

/** One round as flows see it. */
interface KeptRound {
  readonly [key: string]: Value;
  readonly index: number;
  readonly outcome: SequenceOutcome['outcome'];
  readonly captures: Readonly<Record<string, Value>>;
}

const MOST_KEPT = 100;
const MAX_TEXT = 120;
/** So many of them are shown: the first ones, and the last. */
const MOST_SHOWN = 10;

/** What the rounds of a loop captured: the last of them, and how many there were. */
export class RoundLog {
  readonly #kept: KeptRound[] = [];
  /** The rounds that did not capture a name which the loop carries, by name. */
  readonly #gaps = new Map<string, { readonly first: number; count: number }>();
  count = 0;

  add(index: number, { outcome, captures }: SequenceOutcome, carried: readonly string[]): void {
    this.count++;
    this.#kept.push({ index, outcome, captures });
    if (this.#kept.length > MOST_KEPT) this.#kept.shift();
    for (const name of carried) if (!Object.hasOwn(captures, name)) this.#addGap(name, index);
  }

  #addGap(name: string, index: number): void {
    const gap = this.#gaps.get(name);
    if (gap) gap.count++;
    else this.#gaps.set(name, { first: index, count: 1 });
  }

  toResult(): { readonly rounds: readonly KeptRound[]; readonly count: number } {
    return { rounds: this.#kept, count: this.count };
  }

  /** Which names kept their value because a round did not capture them; `id` is that of the loop. */
  listNotes(id: string): readonly string[] {
    return [...this.#gaps].map(([name, { first, count }]) => {
      const where =
        count === 1 ? `\`${id}[${first}]\`` : `${count} of ${this.count} rounds, first in \`${id}[${first}]\``;
      return `\`${name}\` was not captured in ${where}, and kept its value`;
    });
  }

  /** The rounds with what they captured, for people. */
  describe(): Detail {
    const lines = this.#kept.map(({ index, outcome, captures }) => {
      const parts = Object.entries(captures).map(([name, value]) => `${name} = ${showValue(name, value)}`);
      const what = parts.length > 0 ? parts.join(', ') : 'nothing captured';
      return `${`[${index}]`.padStart(6)}  ${outcome === 'passed' ? what : `${outcome}: ${what}`}`;
    });
    if (lines.length <= MOST_SHOWN) return { title: 'rounds', lines };
    const half = MOST_SHOWN / 2;
    const left = countOf(this.count - MOST_SHOWN, 'round');
    const first = this.count > MOST_KEPT ? [] : lines.slice(0, half);
    const last = lines.slice(first.length - MOST_SHOWN);
    return { title: 'rounds', lines: [...first, `${'…'.padStart(6)}  ${left} more`, ...last] };
  }
}

function showValue(name: string, value: Value): string {
  const text = formatValue(hideByName(name, value), MAX_TEXT);
  if (!isList(value) && !isMap(value)) return text;
  const isShown = text.length < MAX_TEXT && !mayHideFields(formatValue(value, MAX_HIDING));
  return isShown ? text : describeSize(value);
}
