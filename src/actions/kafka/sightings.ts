import { formatValue, isMap, printJson, type Value } from '../../expr/index.ts';
import type { Detail } from '../../model/events.ts';
import type { Message } from './message.ts';
import { describeMisspelt, type Expected, findStrays, hasKeyAt, type KeyPath } from './namesakes.ts';
import type { Rule } from './rules.ts';

const KEPT = 3;
/** With more partitions than that, a topic is summed up. */
const MAX_PLACES = 6;
const MAX_LINE = 800;
/** In so many messages keys are looked for that may be meant by others. */
const MOST_COMPARED = 1000;

interface Near {
  readonly message: Message;
  /** How much of what is expected it has, those values too that stand elsewhere in it. */
  readonly closeness: number;
}

interface Range {
  readonly topic: string;
  readonly partition: number;
  first: string;
  last: string;
  count: number;
}

/** Remembers of the messages that went by what a report needs: how many, where, and the nearest; never all of them. */
export class Sightings {
  readonly #rules: readonly Rule[];
  readonly #telling: readonly Expected[];
  readonly #ranges = new Map<string, Range>();
  readonly #claimers = new Map<string, number>();
  /** Keys that the rules read and no message has had, with what is to be said of those that may be misspelt. */
  readonly #absent = new Map<KeyPath, string | undefined>();
  /** What is said of messages that one rule left for a type, or the way in which something is written, alone. */
  readonly #slips = new Set<string>();
  #nearest: readonly Near[] = [];
  #newest: Message | undefined;
  #seen = 0;

  constructor(rules: readonly Rule[]) {
    this.#rules = rules;
    this.#telling = rules.flatMap(({ telling = [] }) => telling);
    for (const path of rules.flatMap(({ reads = [] }) => reads)) this.#absent.set(path, undefined);
  }

  get seen(): number {
    return this.#seen;
  }

  get newest(): Message | undefined {
    return this.#newest;
  }

  /** Notes a message; true when all rules hold. */
  note(message: Message): boolean {
    this.#seen++;
    this.#noteRange(message);
    let held = 0;
    for (const rule of this.#rules) held += rule.measure(message);
    if (held === this.#rules.length) return true;
    this.#newest = message;
    this.#noteKeys(message);
    if (held > this.#rules.length - 2) this.#noteSlip(message);
    // One that has the id somewhere else is meant more likely than one that has the right type.
    const strays = findStrays(message, this.#telling).length;
    this.#noteNear({ message, closeness: held / this.#rules.length + 1 - 0.5 ** strays });
    return false;
  }

  /** Notes that a message satisfied an earlier wait and so does not count. */
  noteClaimed(message: Message, claimer: string): void {
    this.#newest = message;
    this.#claimers.set(claimer, (this.#claimers.get(claimer) ?? 0) + 1);
  }

  /** `user.created [0] offsets 12 to 14 (3)` for every partition that something came from, or their number and the busiest. */
  describeRanges(): string {
    const topics = new Map<string, Range[]>();
    for (const range of this.#ranges.values()) topics.set(range.topic, [...(topics.get(range.topic) ?? []), range]);
    return [...topics].map(([topic, ranges]) => describeTopic(topic, ranges)).join(', ');
  }

  /** The messages that are described. */
  get described(): readonly Message[] {
    const near = this.#nearest.filter(({ closeness }) => closeness > 0);
    if (near.length > 0) return near.map(({ message }) => message);
    return this.#newest ? [this.#newest] : [];
  }

  /** Of the keys that the rules read and no message has had: which other key of one may be meant; of messages that say the same in another way, which. */
  describeMisspelt(): readonly string[] {
    return [...[...this.#absent.values()].filter((text) => text !== undefined), ...this.#slips];
  }

  /** The nearest messages with the rules that hold and do not; else the newest one. `remarks` are lines about the topics. */
  describe(since: string, remarks: readonly string[] = []): readonly Detail[] {
    if (this.#seen === 0) return [{ title: 'messages', lines: [`none was seen ${since}`, ...remarks] }];
    const lines = [`${this.#seen} seen ${since}: ${this.describeRanges()}`];
    for (const [claimer, count] of this.#claimers) lines.push(`${count} of them satisfied \`${claimer}\` before`);
    lines.push(...remarks);
    const { described } = this;
    if (described.length === 0) return [{ title: 'messages', lines }];
    const isNear = this.#nearest.some(({ closeness }) => closeness > 0);
    const nearest = described.length === 1 ? 'nearest message' : `nearest ${described.length} messages`;
    const shown = {
      title: isNear ? nearest : 'newest message',
      lines: described.flatMap((one) => this.#describeMessage(one)),
    };
    return [{ title: 'messages', lines }, shown];
  }

  #describeMessage(message: Message): readonly string[] {
    const facts = [
      message.key === null ? 'no key' : `key ${formatValue(message.key, 80)}`,
      message.timestamp ?? 'no timestamp',
    ];
    return [
      `${message.topic} [${message.partition}] offset ${message.offset}, ${facts.join(', ')}`,
      ...this.#rules.flatMap((rule) => rule.explain(message)).map((line) => `  ${line}`),
      ...findStrays(message, this.#telling).map(({ expected, place }) => `  what ${expected} was to be is at ${place}`),
      `  ${showValue(message.value)}`,
    ];
  }

  #noteRange({ topic, partition, offset }: Message): void {
    const place = `${topic} [${partition}]`;
    const range = this.#ranges.get(place);
    if (range) {
      range.last = String(offset);
      range.count++;
    } else {
      this.#ranges.set(place, { topic, partition, first: String(offset), last: String(offset), count: 1 });
    }
  }

  #noteKeys(message: Message): void {
    for (const [path, known] of this.#absent) {
      if (hasKeyAt(message, path)) this.#absent.delete(path);
      else if (known === undefined && this.#seen <= MOST_COMPARED)
        this.#absent.set(path, describeMisspelt(message, path));
    }
  }

  #noteSlip(message: Message): void {
    if (this.#seen > MOST_COMPARED || this.#slips.size === KEPT) return;
    const left = this.#rules.filter((rule) => rule.measure(message) < 1);
    const slip = left.length === 1 ? left[0]?.slip?.(message) : undefined;
    if (slip === undefined) return;
    const { topic, partition, offset } = message;
    this.#slips.add(`${topic} [${partition}] offset ${offset} ${slip}`);
  }

  #noteNear(near: Near): void {
    const last = this.#nearest.at(-1);
    if (this.#nearest.length === KEPT && last && near.closeness < last.closeness) return;
    // Of equally near ones the newer says more.
    const at = this.#nearest.findIndex((other) => near.closeness >= other.closeness);
    const place = at === -1 ? this.#nearest.length : at;
    this.#nearest = this.#nearest.toSpliced(place, 0, near).slice(0, KEPT);
  }
}

function describeTopic(topic: string, ranges: readonly Range[]): string {
  if (ranges.length <= MAX_PLACES) return ranges.map(describeRange).join(', ');
  const busiest = ranges.reduce((most, range) => (range.count > most.count ? range : most));
  const count = ranges.reduce((sum, range) => sum + range.count, 0);
  const most = busiest.count > 1 ? `, most on ${describeRange(busiest).slice(topic.length + 1)}` : '';
  return `${topic} on ${ranges.length} partitions (${count})${most}`;
}

function describeRange({ topic, partition, first, last, count }: Range): string {
  const place = `${topic} [${partition}]`;
  return first === last ? `${place} offset ${first}` : `${place} offsets ${first} to ${last} (${count})`;
}

function showValue(value: Value): string {
  if (value === null) return 'value nil (a tombstone)';
  const text = isMap(value) || Array.isArray(value) ? printJson(value) : formatValue(value, MAX_LINE);
  return `value ${text.length > MAX_LINE ? `${text.slice(0, MAX_LINE)}… (${text.length} characters)` : text}`;
}
