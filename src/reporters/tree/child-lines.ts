import { countOf } from '../../util/count.ts';
import { takeShown } from '../../util/take-shown.ts';

/** Lines of one finished step. */
export interface TreeEntry {
  readonly lines: readonly string[];
  readonly isPassed: boolean;
  /** Present when it may stand for its equals that follow: the reason, and the line that says how many more. */
  readonly skip?: { readonly reason: string; render(more: number): string } | undefined;
}

// A loop over thousands of items would bury the report, and hold it all in memory.
const MAX_PASSED = 200;

/** Draws steps that were skipped for one reason together: the first, and how many more. */
export class SkipCollapser {
  readonly #write: (lines: readonly string[]) => void;
  readonly #skips: NonNullable<TreeEntry['skip']>[] = [];

  constructor(write: (lines: readonly string[]) => void) {
    this.#write = write;
  }

  add(entry: TreeEntry): void {
    if (entry.skip?.reason !== this.#skips[0]?.reason) this.flush();
    if (entry.skip) this.#skips.push(entry.skip);
    else this.#write(entry.lines);
  }

  flush(): void {
    const { shown, hidden } = takeShown(this.#skips.splice(0), 1);
    if (shown.length > 0) this.#write(shown.map((skip) => skip.render(hidden)));
  }
}

/** Which child of a step it is. */
export interface ChildPlace {
  readonly address: string;
  /** The round or branch that it belongs to. */
  readonly group: string;
  /** Whether the next one with its address stands in its place. */
  readonly isReplaced: boolean;
}

/** Lines of the children of a step that still runs, in the order in which they started; the next look of a poll replaces the last. */
export class ChildLines {
  readonly #entries = new Map<string, TreeEntry | undefined>();
  readonly #groups = new Map<string, string>();
  #passed = 0;
  #hidden = 0;
  /** Of the first step that is left out. */
  #nextLines: readonly string[] = [];

  expect(address: string): void {
    if (!this.#entries.has(address)) this.#entries.set(address, undefined);
  }

  set(child: ChildPlace, entry: TreeEntry): void {
    const isAgain = this.#entries.get(child.address) !== undefined;
    // Without a position in its address, a step of a loop comes again and is another one.
    const address = isAgain && !child.isReplaced ? `${child.address} ${this.#entries.size}` : child.address;
    if (this.#entries.get(address)?.isPassed) this.#passed--;
    this.#groups.set(address, child.group);
    if (entry.isPassed && this.#passed >= MAX_PASSED) {
      this.#entries.delete(address);
      this.#groups.delete(address);
      if (this.#hidden++ === 0) this.#nextLines = entry.lines;
      return;
    }
    if (entry.isPassed) this.#passed++;
    this.#entries.set(address, entry);
  }

  /** Steps of one branch or round together, however they took turns. */
  #inGroups(): readonly TreeEntry[] {
    const groups = new Map<string, TreeEntry[]>();
    for (const [address, entry] of this.#entries) {
      if (!entry) continue;
      const group = this.#groups.get(address) ?? '';
      const entries = groups.get(group);
      if (entries) entries.push(entry);
      else groups.set(group, [entry]);
    }
    return [...groups.values()].flat();
  }

  /** All lines so far, and a word on those left out. */
  render(indent: number): readonly string[] {
    const lines: string[] = [];
    const collapser = new SkipCollapser((more) => lines.push(...more));
    for (const entry of this.#inGroups()) collapser.add(entry);
    collapser.flush();
    if (this.#hidden === 1) lines.push(...this.#nextLines);
    if (this.#hidden > 1) lines.push(`${' '.repeat(indent)}✓ ${countOf(this.#hidden, 'more step')} passed`);
    return lines;
  }
}
