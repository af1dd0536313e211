import { countOf } from '../../util/count.ts';

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
  #first: TreeEntry['skip'];
  #more = 0;

  constructor(write: (lines: readonly string[]) => void) {
    this.#write = write;
  }

  add(entry: TreeEntry): void {
    if (this.#first && entry.skip?.reason === this.#first.reason) {
      this.#more++;
      return;
    }
    this.flush();
    if (entry.skip) this.#first = entry.skip;
    else this.#write(entry.lines);
  }

  flush(): void {
    if (this.#first) this.#write([this.#first.render(this.#more)]);
    this.#first = undefined;
    this.#more = 0;
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
      this.#hidden++;
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
    if (this.#hidden > 0) lines.push(`${' '.repeat(indent)}✓ ${countOf(this.#hidden, 'more step')} passed`);
    return lines;
  }
}
