import { stripVTControlCharacters } from 'node:util';
import type { FlowAmongOthers } from '../model/action/other-flows.ts';
import type { Clock } from '../model/action/resources.ts';
import type { ServicePrinted } from '../model/companions/service-printed.ts';

/** How many lines of a service are kept at least, how many of them a report shows, and how many characters of a line are. */
const MOST_LINES = 2_000;
const SHOWN_LINES = 100;
const LONGEST_LINE = 4_000;
/** How long a line without an end may wait for more, ms. */
const REST_MS = 200;
const TRACE_ID = /[0-9a-f]{32}/g;

/** A line that a service printed. */
export interface OutputLine {
  /** By the run's clock, ms. */
  readonly at: number;
  readonly text: string;
}

export type PrintedLines = Pick<ServicePrinted, 'lines' | 'omitted'>;

/** The last lines that a service printed, without escape codes. */
export class ServiceOutput {
  readonly #clock: Clock;
  readonly #lines: OutputLine[] = [];
  readonly #listeners = new Set<(line: string) => void>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Makes what takes one stream's text and, at its end, what is left of it. */
  openStream(): { write(text: string): void; flush(): void } {
    let rest = '';
    let cancel = (): void => undefined;
    const flush = (): void => {
      cancel();
      if (rest !== '') this.#add(rest);
      rest = '';
    };
    const write = (text: string): void => {
      cancel();
      const lines = (rest + text).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) this.#add(line);
      if (rest.length > LONGEST_LINE) flush();
      else if (rest !== '') cancel = this.#clock.after(REST_MS, flush);
    };
    return { write, flush };
  }

  /** Calls back with each line from now on; gives the function that ends that. */
  onLine(call: (line: string) => void): () => void {
    this.#listeners.add(call);
    return () => void this.#listeners.delete(call);
  }

  /** The last lines, blank ones left out. */
  listLast(count: number): readonly string[] {
    const lines = this.#lines.filter(({ text }) => text.trim() !== '');
    return lines.slice(-count).map(({ text }) => text);
  }

  /** What was printed since then. */
  listSince(since: number): readonly OutputLine[] {
    return this.#lines.filter(({ at, text }) => at >= since && text !== '');
  }

  #add(raw: string): void {
    const text = stripVTControlCharacters(raw).trimEnd();
    this.#lines.push({
      at: this.#clock.now(),
      text: text.length > LONGEST_LINE ? `${text.slice(0, LONGEST_LINE)}…` : text,
    });
    // Not one by one: each time all that stay are moved.
    if (this.#lines.length >= 2 * MOST_LINES) this.#lines.splice(0, MOST_LINES);
    for (const call of this.#listeners) call(text);
  }
}

/**
 * The lines that are of a flow or may be, its own, by its trace id, marked; of too many, the last and the last that are marked. A line with
 * the id of another flow is not this one's, whenever it came through the pipe.
 */
export function chooseLines(all: readonly OutputLine[], { traceId, others }: FlowAmongOthers): PrintedLines {
  const lines = all.flatMap(({ text }) => {
    const isTraced = text.includes(traceId);
    const isOfOther = !isTraced && (text.match(TRACE_ID) ?? []).some((id) => others.haveTrace(id));
    return isOfOther ? [] : [{ text, isTraced }];
  });
  const kept = new Set([...lines.slice(-SHOWN_LINES), ...lines.filter(({ isTraced }) => isTraced).slice(-SHOWN_LINES)]);
  return { lines: lines.filter((line) => kept.has(line)), omitted: lines.length - kept.size };
}
