import { isList, isMap, type Value } from '../../expr/index.ts';
import type { Detail, Problem } from '../../model/events.ts';
import { findNearest, listNames } from '../../util/suggest.ts';
import type { Said } from '../read/look.ts';
import { nameType } from '../words/type-name.ts';
import { listThings } from './find-contradictions.ts';
import type { Thing } from './group-things.ts';
import { isNamed, type Wanted, type WantedThing } from './wanted.ts';

const MAX_DEPTH = 5;
const MAX_SHOWN = 3;

/** What the author names and nothing that was seen has, so that it was compared with nothing. */
export interface Unseen {
  /** Of what the flow itself names and cannot mean. */
  readonly problems: readonly Problem[];
  /** Lines that say the rest of it, none where all is there. */
  readonly details: readonly Detail[];
}

/** One of these, and whether it is none by how it is written. */
interface Missing {
  readonly message: string;
  readonly hint?: string | undefined;
  readonly isMistaken: boolean;
  readonly thing: WantedThing;
}

/** Finds what the author names and nothing that was seen has. */
export function findUnseen(said: Said, { things = [] }: Wanted): Unseen {
  const seen = listThings(said.sayings, said.lists);
  const missing = things.flatMap((thing) => (thing.ids.length === 0 ? [] : listMissing(thing, { seen, said })));
  const isProblem = ({ isMistaken, thing }: Missing): boolean => isMistaken && thing.location !== undefined;
  const lines = missing.filter((one) => !isProblem(one)).map(describeMissing);
  return {
    problems: missing.filter(isProblem).map(({ message, hint, thing }) => ({
      outcome: 'errored',
      kind: 'authoring',
      message: `\`agree\`: ${message}`,
      location: thing.location,
      hints: hint === undefined ? [] : [hint],
    })),
    details: lines.length === 0 ? [] : [{ title: 'agree: named, and seen nowhere', lines }],
  };
}

function describeMissing({ message, hint }: Missing): string {
  return hint === undefined ? message : `${message}: ${hint}`;
}

function listMissing(
  thing: WantedThing,
  { seen, said }: { readonly seen: readonly Thing[]; readonly said: Said },
): readonly Missing[] {
  const { name, type, ids } = thing;
  const ofIds = seen.filter(({ id }) => ids.includes(id));
  const shownIds = listNames(ids, MAX_SHOWN);
  const tell = (text: string, isMistaken = false): Missing => ({ message: `\`${name}\`: ${text}`, isMistaken, thing });
  if (ofIds.length === 0 && said.sayings.some(({ id }) => ids.includes(id)))
    return [tell(`of what has the id ${shownIds} it is not known what it is`)];
  if (ofIds.length === 0) {
    const others = [...new Set(seen.filter((one) => one.type === type).map(({ id }) => id))];
    const rest = others.length === 0 ? '' : `; of this type was seen ${listNames(others, MAX_SHOWN)}`;
    return [tell(`nothing has the id ${shownIds}${rest}`)];
  }
  const own = ofIds.filter((one) => one.type === type);
  if (own.length === 0) {
    const types = [...new Set(ofIds.map((one) => nameType(one.type)))];
    return [tell(`what has the id ${shownIds} is ${listNames(types, MAX_SHOWN)}`, true)];
  }
  const paths = listPaths(thing, { own, said });
  const isMissing = (field: string): boolean => !paths.some((path) => isNamed(field, path));
  const describe = (field: string, isMistaken: boolean): Missing => {
    const near = findNearest(field, paths);
    const hint = near === undefined ? undefined : `did you mean \`${near}\`?`;
    return { ...tell(`no field \`${field}\``, isMistaken), hint };
  };
  return [
    ...(thing.fields ?? []).filter(isMissing).map((field) => describe(field, true)),
    ...thing.except.filter(isMissing).map((field) => describe(field, false)),
  ];
}

/** All fields of a thing and of its items, as they are written. */
function listPaths(
  { type, ids }: WantedThing,
  { own, said }: { readonly own: readonly Thing[]; readonly said: Said },
): readonly string[] {
  const paths = new Set<string>();
  for (const { sayings } of own) for (const { record } of sayings) addPaths(record, '', paths);
  for (const { parent, kind, items } of said.lists) {
    if (!ids.includes(parent.id) || !parent.types.includes(type)) continue;
    for (const { record } of items) addPaths(record, `${kind}.`, paths);
  }
  return [...paths];
}

function addPaths(value: Value, around: string, paths: Set<string>, depth = 0): void {
  if (depth > MAX_DEPTH) return;
  if (isList(value)) for (const item of value) addPaths(item, around, paths, depth + 1);
  if (!isMap(value)) return;
  for (const [key, below] of Object.entries(value)) {
    paths.add(`${around}${key}`);
    addPaths(below, `${around}${key}.`, paths, depth + 1);
    // What stands in a map of attributes is compared as if it stood beside that.
    if (key === 'attributes') addPaths(below, around, paths, depth + 1);
  }
}
