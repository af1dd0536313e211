import type { Found } from './needle.ts';
import { SHORTEST_ALONE } from './secret-spellings.ts';
import { goesOn } from './wrapped-digits.ts';

/** A longer piece of a secret is found by itself. */
const LONGEST_ITEM = 40;
/** What stands between two texts of a list in JSON, and in JSON within JSON. */
const BETWEEN = /(\\{0,15}["'])\s*,\s*\1/g;

const NONE: ReadonlySet<number> = new Set();

/** Knows where in a text secrets stand. */
interface Finder {
  readonly isEmpty: boolean;
  findAll(text: string): readonly Found[];
}

/** Short texts that follow each other in a list, put together. */
interface Joined {
  readonly text: string;
  /** Where in it each of them begins, and where in the list's text. */
  readonly pieces: readonly (readonly [made: number, given: number])[];
}

interface Open extends Joined {
  text: string;
  readonly pieces: [number, number][];
  /** Where what follows begins. */
  end: number;
  readonly quote: string;
}

const KEY_ENDS = /^\s*:/;
const AFTER_KEY = 4;

/** Finds what several texts of a list have of a secret of which each has a part: `split(secret, "")` and `[secret[:4], secret[4:]]` as JSON. */
export function findListed(text: string, find: (text: string) => readonly Found[]): readonly Found[] {
  return [...listJoined(text)].flatMap(({ text: joined, pieces }) =>
    findAcross(
      joined,
      pieces.map(([made]) => made),
      find,
    ).map(({ start, end }) => ({
      start: placeOf(pieces, start, false),
      end: placeOf(pieces, end, true),
    })),
  );
}

/** Which items of a list are parts of a secret that their neighbours go on with, by their index. */
export function findItems(list: readonly unknown[], secrets: Finder): ReadonlySet<number> {
  if (secrets.isEmpty || list.length < 2) return NONE;
  const found = new Set<number>();
  for (let from = 0; from < list.length; from++) {
    const starts: number[] = [];
    let joined = '';
    for (let item = readItem(list[from]); item !== undefined; item = readItem(list[from + starts.length])) {
      starts.push(joined.length);
      joined += item;
    }
    if (starts.length > 1)
      for (const { start, end } of findAcross(joined, starts, (text) => secrets.findAll(text)))
        for (const [at, begin] of starts.entries())
          if (begin < end && (starts[at + 1] ?? joined.length) > start) found.add(from + at);
    from += starts.length;
  }
  return found;
}

function readItem(item: unknown): string | undefined {
  const text = typeof item === 'string' || typeof item === 'number' ? String(item) : undefined;
  return text === undefined || text.length > LONGEST_ITEM ? undefined : text;
}

function findAcross(
  joined: string,
  starts: readonly number[],
  find: (text: string) => readonly Found[],
): readonly Found[] {
  if (joined.length < SHORTEST_ALONE) return [];
  return find(joined).filter((one) => one.end - one.start >= SHORTEST_ALONE && goesOn([one], starts));
}

function* listJoined(text: string): Generator<Joined> {
  let open: Open | undefined;
  for (const { 0: between, 1: quote = '', index } of text.matchAll(BETWEEN)) {
    const next = index + between.length;
    if (open && !(open.quote === quote && index <= findEnd(text, open))) {
      yield* close(text, open);
      open = undefined;
    }
    if (open) open.text += text.slice(open.end, index);
    else {
      const start = findStart(text, index, quote);
      open = { text: text.slice(start, index), pieces: [[0, start]], end: next, quote };
    }
    open.pieces.push([open.text.length, next]);
    open.end = next;
  }
  if (open) yield* close(text, open);
}

/** Adds the last one, unless it is a key of a map: then what is before it is its last. */
function* close(text: string, open: Open): Generator<Joined> {
  const { pieces, quote } = open;
  const end = findEnd(text, open);
  if (KEY_ENDS.test(text.slice(end + quote.length, end + quote.length + AFTER_KEY))) pieces.pop();
  else open.text += text.slice(open.end, end);
  if (pieces.length > 1) yield open;
}

/** Where the item ends that begins behind the last separator. */
function findEnd(text: string, { end, quote }: Open): number {
  const most = end + LONGEST_ITEM;
  let last = text.indexOf(quote, end);
  while (last !== -1 && last < most && last > end && text[last - 1] === '\\') last = text.indexOf(quote, last + 1);
  return last === -1 ? most : Math.min(last, most);
}

/** Where the first item begins, of one that is too long its end. */
function findStart(text: string, end: number, quote: string): number {
  let start = text.lastIndexOf(quote, end - 1);
  while (start > 0 && text[start - 1] === '\\') start = text.lastIndexOf(quote, start - 1);
  return Math.max(start === -1 ? 0 : start + quote.length, end - LONGEST_ITEM);
}

/** Where in the list's text a place of the joined one is; an end stands in the item that it ends. */
function placeOf(pieces: Joined['pieces'], place: number, isEnd: boolean): number {
  const piece = pieces.findLast(([made]) => (isEnd ? made < place : made <= place));
  return piece ? piece[1] + place - piece[0] : place;
}
