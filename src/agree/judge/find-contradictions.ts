import { groupBy } from '../../util/group-by.ts';
import type { ItemList, Said, Saying } from '../read/look.ts';
import { foldName } from '../words/field-name.ts';
import { Course, type Moment } from './course.ts';
import { groupThings, type Thing } from './group-things.ts';
import { type Difference, type Judgement, judgeField, type Occurrence } from './judge-field.ts';
import type { KnownIds } from './known-ids.ts';
import { LinkedIds } from './linked-ids.ts';
import { listFields } from './list-fields.ts';
import { type MatchedItem, matchItems } from './match-items.ts';
import { NamedIds } from './named-ids.ts';
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
  const named = new NamedIds(known.ids);
  for (const touch of touches) touch.names = named.find(touch.text);
  const linked = new LinkedIds({ sayings, lists }, touches);
  const listsById = groupBy(lists, ({ parent }) => parent.id);
  return listThings(sayings, lists).flatMap((thing) => {
    const { id, type } = thing;
    const rule = wanted.things?.find((one) => one.ids.includes(id) && one.type === type);
    if (wanted.things && !rule) return [];
    const own = (listsById.get(id) ?? []).filter(({ parent }) => parent.types.includes(type));
    const looks = [...thing.sayings, ...own].map(({ root }) => root.look.index);
    const course = new Course(moments, {
      ...{ id, isMade: known.isMade(id), linked: linked.listLinked(id) },
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
export function listThings(sayings: readonly Saying[], lists: readonly ItemList[]): readonly Thing[] {
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
  const identity = new Set([foldName(`${type}id`)]);
  const places = sayings.flatMap((saying) => {
    const { root, bearing, isEmbedded, record, path, columns } = saying;
    const fields = listFields(record, { root, path, columns, identity });
    return fields.map((field) => ({ look: root.look, root, bearing, isEmbedded, ...field }));
  });
  return groupBy(places, ({ name }) => name);
}

function collectItemFields({ places, kind, identity }: MatchedItem): ReadonlyMap<string, readonly Occurrence[]> {
  const all = places.flatMap(({ list, item }) => {
    const { root, bearing } = list;
    const fields = listFields(item.record, { root, path: item.path, columns: item.columns, identity });
    return fields.map((field) => ({ look: root.look, root, bearing, isEmbedded: false, ...field }));
  });
  return groupBy(all, ({ name }) => `${kind}.${name}`);
}
