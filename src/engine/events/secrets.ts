import { isKeyedMap, isList, isMap, type Value } from '../../expr/index.ts';
import { MASK } from '../../util/hidden-fields.ts';
import { findPasswords, mayHoldPasswords } from './address-passwords.ts';
import { findInBase64 } from './base64-runs.ts';
import { unescapeLetters } from './escaped-letters.ts';
import { findListed } from './listed-pieces.ts';
import { type Found, isAddress, listNeedles } from './needle.ts';
import { joinFound, NeedleIndex } from './needle-index.ts';
import { createPieceMask, type PieceMask } from './quoted-pieces.ts';
import { listParts } from './secret-parts.ts';
import { SHORTEST_ALONE } from './secret-spellings.ts';
import { listUnescaped } from './unescaped.ts';
import { goesOn, listWrapped } from './wrapped-digits.ts';

/**
 * The values that no report may show. A text of four or more characters is masked wherever it stands, in every usual
 * encoding, and where it was cut; a shorter one, and a number or bool, only where it is the whole value.
 */
export interface Secrets {
  readonly isEmpty: boolean;
  /** Adds a value: of a list or map, every text and number in it. nil, bools and the empty text are never masked. */
  add(value: Value): void;
  /** Adds the passwords of the addresses that stand in a text. */
  addPasswords(text: string): void;
  /** Whether a text is a secret as a whole. */
  has(text: string): boolean;
  maskText(text: string): string;
  /** Where in a text masks stand. */
  findAll(text: string): readonly Found[];
  /** Forgets what was added here, when it is more than so many texts; not what is around. */
  forgetBeyond(count: number): void;
  /** Whether a value is the beginning or the end of a secret, of eight or more characters, and nothing else. */
  isPiece(text: string): boolean;
  /** Makes a mask for pieces of the secrets in a text, where others quote from it; undefined when it holds none. */
  maskPiecesOf(source: string): PieceMask | undefined;
}

/** Where values are made known that nobody is to see, and what holds one is masked. */
export type KnownSecrets = Pick<Secrets, 'isEmpty' | 'add' | 'addPasswords' | 'maskPiecesOf' | 'maskText'>;

/** Makes an empty registry, which masks what the one around it knows, too. Masking takes one pass over a text, however many secrets there are. */
export function createSecrets(around?: Secrets): Secrets {
  const wholes = new Set<string>();
  const read = new ReadTexts();
  let edges = new Edges();
  let needles = new NeedleIndex();
  const addForm = (text: string): void => {
    if (text === '' || wholes.has(text) || around?.has(text)) return;
    wholes.add(text);
    edges.add(text);
    for (const needle of listNeedles(text)) needles.add(needle);
    const parts = listParts(text);
    for (const part of parts.long) addText(part);
    for (const part of parts.short) wholes.add(part);
  };
  const addText = (text: string): void => {
    addForm(text);
    for (const form of listUnescaped(text)) addForm(form);
  };
  const findOwn = (text: string): readonly Found[] => {
    if (wholes.size === 0) return [];
    if (wholes.has(text)) return [{ start: 0, end: text.length }];
    const wrapped = [...listWrapped(text)].filter(({ joined, breaks }) => goesOn(findInLine(joined, needles), breaks));
    const listed = findListed(text, (joined) => findInLine(joined, needles));
    const found = findInLine(text, needles);
    return wrapped.length + listed.length === 0 ? found : joinFound(found, wrapped, listed);
  };
  const findAll = (text: string): readonly Found[] => {
    const own = findOwn(text);
    const others = around?.findAll(text) ?? [];
    if (others.length === 0) return own;
    return own.length === 0 ? others : joinFound(own, others);
  };

  return {
    get isEmpty() {
      return wholes.size === 0 && (around?.isEmpty ?? true);
    },
    add(value) {
      for (const text of listTexts(value)) addText(text);
    },
    addPasswords(text) {
      if (mayHoldPasswords(text) && read.isNew(text)) for (const password of findPasswords(text)) addText(password);
    },
    has: (text) => wholes.has(text) || (around?.has(text) ?? false),
    maskText(text) {
      const found = findAll(text);
      return found.length === 0 ? text : replaceFound(text, found);
    },
    findAll,
    forgetBeyond(count) {
      if (wholes.size <= count) return;
      wholes.clear();
      read.clear();
      edges = new Edges();
      needles = new NeedleIndex();
    },
    isPiece: (text) => edges.has(text) || (around?.isPiece(text) ?? false),
    maskPiecesOf: (source) => createPieceMask(source, findAll),
  };
}

function findInLine(text: string, needles: NeedleIndex): readonly Found[] {
  const unescaped = unescapeLetters(text);
  const escaped = unescaped ? needles.findAll(unescaped.text).map(unescaped.place) : [];
  const hidden = [...findInBase64(text, needles), ...escaped];
  return hidden.length === 0 ? needles.findAll(text) : joinFound(needles.findAll(text), hidden);
}

/** Texts in which passwords were looked for: steps name the same address again and again. */
class ReadTexts {
  static readonly #MOST = 100;
  readonly #texts = new Set<string>();

  /** Remembers it. */
  isNew(text: string): boolean {
    if (this.#texts.has(text)) return false;
    if (this.#texts.size >= ReadTexts.#MOST) this.clear();
    this.#texts.add(text);
    return true;
  }

  clear(): void {
    this.#texts.clear();
  }
}

/** What of a value is secret, each text once. */
export function listSecretsIn(value: Value, secrets: Pick<Secrets, 'findAll'>): readonly string[] {
  const texts = [...listTexts(value)].flatMap((text) =>
    secrets.findAll(text).map(({ start, end }) => text.slice(start, end)),
  );
  return [...new Set(texts)];
}

/** The beginnings and ends of texts; not of addresses, whose host is no secret. */
class Edges {
  readonly #texts = new Map<string, string[]>();

  add(text: string): void {
    if (text.length <= SHORTEST_ALONE || isAddress(text)) return;
    for (const edge of [text.slice(0, SHORTEST_ALONE), text.slice(-SHORTEST_ALONE)]) {
      const others = this.#texts.get(edge);
      if (others) others.push(text);
      else this.#texts.set(edge, [text]);
    }
  }

  has(piece: string): boolean {
    if (piece.length < SHORTEST_ALONE || this.#texts.size === 0) return false;
    const begun = this.#texts.get(piece.slice(0, SHORTEST_ALONE)) ?? [];
    const ended = this.#texts.get(piece.slice(-SHORTEST_ALONE)) ?? [];
    return begun.some((text) => text.startsWith(piece)) || ended.some((text) => text.endsWith(piece));
  }
}

function replaceFound(text: string, found: readonly Found[]): string {
  let masked = '';
  let kept = 0;
  for (const { start, end } of found) {
    masked += text.slice(kept, start) + MASK;
    kept = end;
  }
  return masked + text.slice(kept);
}

/** Without recursion, for a value may be nested to any depth. */
function* listTexts(value: Value): Generator<string> {
  const open: Value[] = [value];
  while (open.length > 0) {
    const next = open.pop() ?? null;
    if (next === null || typeof next === 'boolean') continue;
    if (isList(next)) for (const item of next) open.push(item);
    else if (isKeyedMap(next)) for (const pair of next) open.push(...pair);
    else if (isMap(next)) for (const item of Object.values(next)) open.push(item);
    else yield String(next);
  }
}
