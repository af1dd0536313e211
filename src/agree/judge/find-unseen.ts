import { isList, isMap, type Value } from '../../expr/index.ts';
import type { Detail } from '../../model/events.ts';
import { findNearest, listNames } from '../../util/suggest.ts';
import type { Said } from '../read/look.ts';
import { nameType } from '../words/type-name.ts';
import { listThings } from './find-contradictions.ts';
import type { Thing } from './group-things.ts';
import { isNamed, type Wanted, type WantedThing } from './wanted.ts';

const MAX_DEPTH = 5;
const MAX_SHOWN = 3;

/** What the author names and nothing that was seen has, so that it was compared with nothing: lines that say so, none where all is there. */
export function describeUnseen(said: Said, { things = [] }: Wanted): readonly Detail[] {
  const seen = listThings(said.sayings, said.lists);
  const lines = things.flatMap((thing) => (thing.ids.length === 0 ? [] : describeThing(thing, { seen, said })));
  return lines.length === 0 ? [] : [{ title: 'agree: named, and seen nowhere', lines }];
}

function describeThing(
  thing: WantedThing,
  { seen, said }: { readonly seen: readonly Thing[]; readonly said: Said },
): readonly string[] {
  const { name, type, ids } = thing;
  const ofIds = seen.filter(({ id }) => ids.includes(id));
  const shownIds = listNames(ids, MAX_SHOWN);
  if (ofIds.length === 0 && said.sayings.some(({ id }) => ids.includes(id)))
    return [`\`${name}\`: of what has the id ${shownIds} it is not known what it is`];
  if (ofIds.length === 0) {
    const others = [...new Set(seen.filter((one) => one.type === type).map(({ id }) => id))];
    const rest = others.length === 0 ? '' : `; of this type was seen ${listNames(others, MAX_SHOWN)}`;
    return [`\`${name}\`: nothing has the id ${shownIds}${rest}`];
  }
  const own = ofIds.filter((one) => one.type === type);
  if (own.length === 0) {
    const types = [...new Set(ofIds.map((one) => nameType(one.type)))];
    return [`\`${name}\`: what has the id ${shownIds} is ${listNames(types, MAX_SHOWN)}`];
  }
  const paths = listPaths(thing, { own, said });
  return [...(thing.fields ?? []), ...thing.except]
    .filter((field) => !paths.some((path) => isNamed(field, path)))
    .map((field) => {
      const near = findNearest(field, paths);
      return `\`${name}\`: no field \`${field}\`${near === undefined ? '' : `: did you mean \`${near}\`?`}`;
    });
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
