import { eventTable } from '../../../src/model/event-table/event-table.ts';
import type { PlainSchema, Shape } from '../../../src/model/event-table/kinds.ts';

/** What stands in each kind of place of a made-up event. */
export interface Filling {
  /** At the way to it: `step_finished.output.summary`. */
  text(way: string): string;
  value(way: string): unknown;
}

/** How deep records that stand inside of themselves are followed. */
const DEPTH = 9;

/** An event of each type and exchange with every field there, optional ones too. */
export function fillEvents(filling: Filling): readonly unknown[] {
  return eventTable.is === 'choice'
    ? Object.entries(eventTable.cases).flatMap(([name, shape]) => fillAll(shape, { ...filling, way: name, depth: 0 }))
    : [];
}

/** The ways of all plain texts: what is never masked. */
export function listPlainTexts(): readonly string[] {
  const ways = new Set<string>();
  visitPlain(eventTable, [], new Set(), ways);
  return [...ways].sort();
}

interface Place extends Filling {
  readonly way: string;
  readonly depth: number;
}

/** As many as the most alternatives that stand in it. */
function fillAll(shape: Shape, place: Place): readonly unknown[] {
  switch (shape.is) {
    case 'plain':
      return [fillPlain(shape.schema)];
    case 'text':
    case 'clue':
      return [place.text(place.way)];
    case 'value':
      return [place.value(place.way)];
    case 'values':
      return [{ some: place.value(place.way) }];
    case 'list':
      return place.depth > DEPTH
        ? [[]]
        : [fillAll(shape.item, { ...place, way: `${place.way}[]`, depth: place.depth + 1 })];
    case 'record':
      return fillRecord(shape, place);
    case 'choice':
      return Object.entries(shape.cases).flatMap(([name, one]) =>
        fillAll(one, { ...place, way: `${place.way}:${name}` }),
      );
    case 'later':
      return fillAll(shape.find(), place);
    default:
      return shape satisfies never;
  }
}

function fillRecord({ fields }: Shape & { is: 'record' }, place: Place): readonly unknown[] {
  const filled = Object.entries(fields).map(([name, { shape }]) => {
    return [name, fillAll(shape, { ...place, way: `${place.way}.${name}`, depth: place.depth + 1 })] as const;
  });
  const count = Math.max(1, ...filled.map(([, all]) => all.length));
  return Array.from({ length: count }, (_, index) =>
    Object.fromEntries(filled.flatMap(([name, all]) => (all.length > 0 ? [[name, all[index % all.length]]] : []))),
  );
}

function fillPlain(schema: PlainSchema): unknown {
  if ('const' in schema) return schema.const;
  if ('enum' in schema) return schema.enum[0];
  return { string: 'plain', number: 1.5, integer: 1, boolean: true }[schema.type];
}

function visitPlain(shape: Shape, way: readonly string[], seen: Set<Shape>, ways: Set<string>): void {
  if (seen.has(shape)) return;
  if (shape.is === 'record') {
    seen.add(shape);
    for (const [name, field] of Object.entries(shape.fields)) visitPlain(field.shape, [shape.name, name], seen, ways);
  } else if (shape.is === 'list') visitPlain(shape.item, way, seen, ways);
  else if (shape.is === 'later') visitPlain(shape.find(), way, seen, ways);
  else if (shape.is === 'choice') for (const one of Object.values(shape.cases)) visitPlain(one, way, seen, ways);
  else if (shape.is === 'plain' && 'type' in shape.schema && shape.schema.type === 'string') ways.add(way.join('.'));
}
