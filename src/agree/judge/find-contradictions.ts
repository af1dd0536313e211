import type { ItemList, Said, Saying } from '../read/look.ts';
import { foldName } from '../words/field-name.ts';
import { Course, type Moment } from './course.ts';
import { groupThings, type Thing } from './group-things.ts';
import { type Difference, type Judgement, judgeField, type Occurrence } from './judge-field.ts';
import type { KnownIds } from './known-ids.ts';
import { LinkedIds } from './linked-ids.ts';
import { listFields } from './list-fields.ts';
import { type MatchedItem, matchItems } from './match-items.ts';
import { type Wanted, wantsField } from './wanted.ts';

/** All that a flow saw and did. */
export interface Seen {
  readonly said: Said;
  readonly moments: readonly Moment[];
  readonly known: KnownIds;
}

/** What was compared of one field of one thing. */
export interface FieldReport extends Judgement {
  /** `total`, `items.quantity`. */
  readonly field: string;
  /** Which item of the thing it is of. */
  readonly item?: string | undefined;
}

/** What was compared of one thing. */
export interface ThingReport {
  readonly type: string;
  readonly id: string;
  readonly fields: readonly FieldReport[];
}

/** Two places that say different things of one field. */
export interface Contradiction extends Difference {
  readonly type: string;
  readonly id: string;
  readonly field: string;
  readonly item?: string | undefined;
}

/** Compares what was said of each thing that is wanted. */
export function judgeThings({ said, moments, known }: Seen, wanted: Wanted): readonly ThingReport[] {
  const ids = new Set(wanted.things ? wanted.things.flatMap((thing) => thing.ids) : known.ids);
  const sayings = said.sayings.filter(({ id }) => ids.has(id));
  const lists = said.lists.filter(({ parent }) => ids.has(parent.id));
  const touches = moments.flatMap((moment) => (moment.kind === 'touch' ? [moment] : []));
  const linked = new LinkedIds({ sayings, lists }, touches, known.ids);
  return listThings(sayings, lists).flatMap((thing) => {
    const { id, type } = thing;
    const rule = wanted.things?.find((one) => one.ids.includes(id) && one.type === type);
    if (wanted.things && !rule) return [];
    const own = lists.filter(({ parent }) => parent.id === id && parent.types.includes(type));
    const looks = [...thing.sayings, ...own].map(({ root }) => root.look.index);
    const course = new Course(moments, {
      ...{ id, isMade: known.isMade(id), linked: linked.listLinked(id), known: known.ids },
      firstSeen: Math.min(...looks),
    });
    const judge = (field: string, places: readonly Occurrence[], item?: MatchedItem): FieldReport | undefined => {
      const wish = rule ? wantsField(rule, field) : 'auto';
      if (wish === 'no' || places.length < 2) return undefined;
      const options = { course, isFixed: wish === 'fixed', numbers: item && ('amount' as const) };
      return { field: showField(places, item), item: item?.label, ...judgeField(field, places, options) };
    };
    const fields = [
      ...[...collectFields(thing)].map(([field, places]) => judge(field, places)),
      ...matchItems(own, type).flatMap((item) =>
        [...collectItemFields(item)].map(([field, places]) => judge(field, places, item)),
      ),
    ];
    return [{ type, id, fields: fields.filter((field) => field !== undefined) }];
  });
}

/** As it is written where it was first seen. */
function showField([first]: readonly Occurrence[], item: MatchedItem | undefined): string {
  return `${item ? `${item.kind}.` : ''}${first?.written ?? ''}`;
}

/** The contradictions among what was compared, the first seen first. */
export function listContradictions(reports: readonly ThingReport[]): readonly Contradiction[] {
  const found = reports.flatMap(({ type, id, fields }) =>
    fields.flatMap(({ field, item, difference }) => (difference ? [{ type, id, field, item, ...difference }] : [])),
  );
  return found.sort((a, b) => a.second.look.index - b.second.look.index);
}

/** Things by what is said of them, and those of which only items were seen. */
function listThings(sayings: readonly Saying[], lists: readonly ItemList[]): readonly Thing[] {
  const things = groupThings(sayings);
  const keys = new Set(things.map(({ type, id }) => `${type} ${id}`));
  const more = new Map<string, Thing>();
  for (const { parent } of lists) {
    const [type] = parent.types;
    const key = `${type} ${parent.id}`;
    if (type !== undefined && !keys.has(key)) more.set(key, { type, id: parent.id, sayings: [] });
  }
  return [...things, ...more.values()];
}

function collectFields({ sayings, type }: Thing): ReadonlyMap<string, readonly Occurrence[]> {
  const byName = new Map<string, Occurrence[]>();
  const identity = new Set([foldName(`${type}id`)]);
  for (const saying of sayings) {
    const { root, bearing, isEmbedded, record, path, columns } = saying;
    for (const field of listFields(record, { root, path, columns, identity })) {
      const places = byName.get(field.name) ?? [];
      places.push({ look: root.look, root, bearing, isEmbedded, ...field });
      byName.set(field.name, places);
    }
  }
  return byName;
}

function collectItemFields({ places, kind, identity }: MatchedItem): ReadonlyMap<string, readonly Occurrence[]> {
  const byName = new Map<string, Occurrence[]>();
  for (const { list, item } of places) {
    const { root, bearing } = list;
    for (const field of listFields(item.record, { root, path: item.path, columns: item.columns, identity })) {
      const name = `${kind}.${field.name}`;
      const found = byName.get(name) ?? [];
      found.push({ look: root.look, root, bearing, isEmbedded: false, ...field });
      byName.set(name, found);
    }
  }
  return byName;
}
