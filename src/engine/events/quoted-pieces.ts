import { MASK } from '../../util/hidden-fields.ts';
import type { Found } from './needle.ts';

/** Gives the places of secrets in a text, first to last. */
export type FindSecrets = (text: string) => readonly Found[];
/** Hides pieces of secrets in what is said; of a sentence of our own (`own`) the words between what it quotes stay. */
export type PieceMask = (text: string, whose?: 'own') => string;

const QUOTES = `"'\``;
/** `scheme://user:password@host:port/path`; with an `@` behind its host it is not plain where that begins. */
const ADDRESS = /^([a-z][a-z0-9+.-]*:\/\/)([^\s/?#@]*@)?([^\s/?#@]+)(\/[^\s?#@]*)?/i;
const DATABASE = /^(?:postgres(?:ql)?|mysql|mariadb|rediss?):/i;
/** Shorter ones are words of any text. */
const WORD = /[\p{L}\p{N}_$]{3,}/gu;
/** Of a sentence of our own: what it quotes, and its words (in small letters). */
const PROSE = /`[^`]*`|"[^"]*"|(?<![^\s(])[a-z]{3,}(?![^\s,.;)])/g;
/** `-----END RSA PRIVATE KEY-----`, which is the same around each key. */
const FRAME = /-----(?:BEGIN|END) [A-Z0-9 ]+-----/g;
/** One sign says nothing, and hints name signs. */
const SHORTEST_QUOTED = 2;
/** Each is looked for in the whole source. */
const MOST_QUOTED = 100;

/**
 * Makes a mask for what is said of a source text: it hides what stands there only inside of secrets, where it is quoted (two characters
 * are enough), or a word. A server that reads a secret with quotes or spaces in it as SQL quotes a piece of it. Whole secrets are left
 * to the usual mask.
 */
export function createPieceMask(source: string, findSecrets: FindSecrets): PieceMask | undefined {
  const secrets = findSecrets(source);
  if (secrets.length === 0) return undefined;
  const pieces = new Pieces(
    source,
    secrets.flatMap((found) => leaveOutHost(source, found)).flatMap((found) => leaveOutFrames(source, found)),
  );
  return (text, whose) => {
    const prose = whose === 'own' ? findProse(text) : NONE;
    let masked = '';
    let from = 0;
    for (const { start, end } of findSecrets(text)) {
      masked += pieces.mask(text.slice(from, start), (at) => prose.has(from + at)) + text.slice(start, end);
      from = end;
    }
    return masked + pieces.mask(text.slice(from), (at) => prose.has(from + at));
  };
}

const NONE: ReadonlySet<number> = new Set();

/** Where the words begin that our own sentence brings; behind a colon may stand what others say. */
function findProse(text: string): ReadonlySet<number> {
  const [sentence = ''] = text.split(': ', 1);
  // With a quote that is not closed nobody knows what is quoted.
  if (sentence.split('`').length % 2 === 0) return NONE;
  const words = [...sentence.matchAll(PROSE)].filter(([word]) => !QUOTES.includes(word.charAt(0)));
  return new Set(words.map(({ index }) => index));
}

function leaveOutFrames(source: string, { start, end }: Found): readonly Found[] {
  const rests: Found[] = [];
  let from = start;
  for (const { 0: frame, index } of source.slice(start, end).matchAll(FRAME)) {
    rests.push({ start: from, end: start + index });
    from = start + index + frame.length;
  }
  return [...rests, { start: from, end }].filter((rest) => rest.start < rest.end);
}

/**
 * What of a secret may not be quoted: of an address its user-info, path and parameters. Scheme, host and port, and the name of a database,
 * stand in whatever is said of a connection. Where it is not plain what is what, all of it.
 */
function leaveOutHost(source: string, found: Found): readonly Found[] {
  const address = source.slice(found.start, found.end);
  const [plain = '', scheme = '', userInfo = '', host = '', path = ''] = ADDRESS.exec(address) ?? [];
  if (plain === '' || address.includes('@', plain.length)) return [found];
  const user = { start: found.start + scheme.length, end: found.start + scheme.length + userInfo.length };
  const rest = user.end + host.length + (DATABASE.test(scheme) ? path.length : 0);
  return [user, { start: rest, end: found.end }].filter(({ start, end }) => start < end);
}

/** What stands in the secrets of a source, and nowhere else in it. */
class Pieces {
  /** In small letters: Postgres writes names so. */
  readonly #source: string;
  readonly #secrets: readonly Found[];
  readonly #words: ReadonlySet<string>;

  constructor(source: string, secrets: readonly Found[]) {
    this.#source = lower(source);
    this.#secrets = secrets;
    const inside = new Set<string>();
    const outside = new Set<string>();
    for (const { 0: word, index } of this.#source.matchAll(WORD)) {
      const isSecret = this.#isSecret({ start: index, end: index + word.length });
      (isSecret ? inside : outside).add(word);
    }
    this.#words = new Set([...inside].filter((word) => !outside.has(word)));
  }

  /** `isProse` tells of the place of a word whether it is none of the source. */
  mask(text: string, isProse: (at: number) => boolean): string {
    let masked = '';
    let from = 0;
    for (let at = 0, asked = 0; at < text.length && asked < MOST_QUOTED; at++) {
      if (!QUOTES.includes(text.charAt(at))) continue;
      asked++;
      const end = this.#findClosing(text, at);
      if (end === undefined) continue;
      masked += this.#maskWords(text, [from, at + 1], isProse) + this.#maskQuoted(text.slice(at + 1, end));
      from = end;
      at = end;
    }
    return masked + this.#maskWords(text, [from, text.length], isProse);
  }

  #maskWords(text: string, [from, end]: readonly [number, number], isProse: (at: number) => boolean): string {
    const isHidden = (word: string, at: number): boolean => this.#words.has(lower(word)) && !isProse(from + at);
    return text.slice(from, end).replaceAll(WORD, (word, at: number) => (isHidden(word, at) ? MASK : word));
  }

  /** Where the longest quotation of the source ends that begins with this quote: it may hold quotes itself. */
  #findClosing(text: string, at: number): number | undefined {
    const rest = lower(text.slice(at + 1));
    let [known, beyond] = [0, rest.length + 1];
    while (beyond - known > 1) {
      const length = (known + beyond) >> 1;
      if (this.#source.includes(rest.slice(0, length))) known = length;
      else beyond = length;
    }
    const end = text.lastIndexOf(text.charAt(at), at + 1 + known);
    return end - at > SHORTEST_QUOTED ? end : undefined;
  }

  #maskQuoted(piece: string): string {
    const wanted = lower(piece);
    let hidden: string | undefined;
    for (let at = this.#source.indexOf(wanted); at !== -1; at = this.#source.indexOf(wanted, at + 1)) {
      const place = { start: at, end: at + wanted.length };
      if (!this.#isSecret(place)) return piece;
      hidden ??= this.#hideIn(piece, at);
    }
    return hidden ?? piece;
  }

  /** The piece that stands at `at` without what it has of secrets. */
  #hideIn(piece: string, at: number): string {
    let shown = '';
    let from = 0;
    for (const { start, end } of this.#secrets) {
      if (end <= at || start >= at + piece.length) continue;
      shown += piece.slice(from, Math.max(0, start - at)) + MASK;
      from = end - at;
    }
    return shown + piece.slice(from);
  }

  #isSecret({ start, end }: Found): boolean {
    let [low, high] = [0, this.#secrets.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#secrets[middle]?.end ?? 0) > start) high = middle;
      else low = middle + 1;
    }
    return (this.#secrets[low]?.start ?? end) < end;
  }
}

/** In small letters where these are as many, so that places stay the same. */
function lower(text: string): string {
  const small = text.toLowerCase();
  return small.length === text.length ? small : text;
}
