import { isList, isMap, type Value, type ValueMap } from '../../expr/index.ts';
import { foldName } from '../words/field-name.ts';
import { toType } from '../words/type-name.ts';
import { type Root, readId, type Said } from './look.ts';

/** What is said beyond these is not looked at: bodies may be large. */
const MAX_RECORDS = 5_000;
const MAX_DEPTH = 8;

/** Keys that only hold what is meant: their content is of the type of what holds them. */
const HOLDS =
  /^(?:data|items?|results?|contents?|records?|rows?|lists?|entries|elements?|hits|docs|documents?|values?|nodes?|edges?|_?embedded|response|payload|body|page|collection|objects?|entity|entities|resources?|attributes|after|detail|snapshot)$/;
/** Keys whose content was true once. */
const PAST = /^(?:before|old|previous|prev|prior|original|history|versions?|changes?|diff|audit|from|was)(?:$|_)/;

/** Of which type a record is whose place does not say it, by its id. */
export type GuessTypes = (id: string) => readonly string[];

interface At {
  readonly path: string;
  readonly depth: number;
  readonly guess: GuessTypes;
  readonly owner: { readonly types: readonly string[]; readonly id: string } | undefined;
}

/** Finds what is said of things in a value: records with an id of their own, wherever they stand, and the lists of items that they have. */
export function readRecords(root: Root, guess: GuessTypes): Said {
  return new Walk(root).read(root.value, { path: root.path, depth: 0, guess, owner: undefined });
}

/** Finds what stands inside of a record whose identity is known otherwise. */
export function readInside(root: Root, record: ValueMap, owner: At['owner'] & {}): Said {
  const walk = new Walk(root);
  walk.readFields(record, { path: root.path, depth: 1, guess: () => [], owner });
  return walk.said;
}

class Walk {
  readonly said: Said = { sayings: [], lists: [] };
  readonly #root: Root;
  #count = 0;

  constructor(root: Root) {
    this.#root = root;
  }

  read(value: Value, at: At): Said {
    if (at.depth > MAX_DEPTH || this.#count > MAX_RECORDS) return this.said;
    if (isList(value)) {
      for (const [index, item] of value.entries())
        this.read(item, { ...at, depth: at.depth + 1, path: `${at.path}[${index}]` });
    } else if (isMap(value)) this.#readMap(value, at);
    return this.said;
  }

  #readMap(record: ValueMap, at: At): void {
    this.#count++;
    const id = findOwnId(record);
    if (id === undefined) {
      this.readFields(record, at);
      return;
    }
    const types = at.guess(id);
    const { bearing } = this.#root;
    const { path } = at;
    this.said.sayings.push({
      ...{ root: this.#root, types, id, path, record, bearing },
      isEmbedded: at.owner !== undefined,
    });
    this.readFields(record, { ...at, owner: { types, id } });
  }

  readFields(record: ValueMap, at: At): void {
    for (const [key, value] of Object.entries(record)) {
      if (typeof value !== 'object' || value === null || PAST.test(key.toLowerCase())) continue;
      const isHolder = HOLDS.test(key.toLowerCase()) && at.owner === undefined;
      const types = isHolder ? undefined : [toType(key)];
      const inside = { ...at, depth: at.depth + 1, path: `${at.path}.${key}`, ...(types && { guess: () => types }) };
      if (isList(value) && at.owner) this.#addItems(value, { ...inside, owner: at.owner, kind: toType(key) });
      this.read(value, inside);
    }
  }

  #addItems(list: readonly Value[], at: At & { owner: At['owner'] & {}; kind: string }): void {
    const items = list.flatMap((record, index) => (isMap(record) ? [{ path: `${at.path}[${index}]`, record }] : []));
    if (items.length === 0 || items.length !== list.length) return;
    const { bearing } = this.#root;
    this.said.lists.push({
      ...{ root: this.#root, parent: at.owner, items, bearing },
      kind: withoutOwner(at.kind, at.owner.types),
    });
  }
}

/** Its `id`, however that is written. */
export function findOwnId(record: ValueMap): string | undefined {
  const key = Object.keys(record).find((name) => foldName(name) === 'id');
  return key === undefined ? undefined : readId(record[key]);
}

/** `order_items` of an order are its items. */
export function withoutOwner(kind: string, types: readonly string[]): string {
  const owner = types.find((type) => kind.startsWith(`${type}_`));
  return owner === undefined ? kind : kind.slice(owner.length + 1);
}
