import { EVENT_VERSION } from '../events.ts';
import { eventTable } from './event-table.ts';
import type { FieldShape, Shape } from './kinds.ts';

export type Schema = Readonly<Record<string, unknown>>;

export const VALUE: Schema = {
  description:
    'JSON; what JSON lacks or readers would round stands under one key: {"$number": "9007199254740993"}, {"$date": [nanoseconds, zone]}, {"$duration": nanoseconds}, {"$map": pairs}, {"$headers": a map whose keys have no case}, {"$escaped": a map with such a key of its own}',
};
const POINTERS = { type: 'array', items: { type: 'string', format: 'json-pointer' } };

/** What an event has besides its fields where its size is limited. */
export const OF_LINES: Schema = {
  omitted: { ...POINTERS, description: 'what was left out because it is too large' },
  cut: { ...POINTERS, description: 'texts and lists that are too long and were cut' },
};

/** Makes the JSON Schema (draft 2020-12) of one line of the event stream. */
export function createEventSchema(): Schema {
  const defs: Record<string, unknown> = { value: VALUE };
  const schema = describeShape(eventTable, defs);
  for (const name of eventTable.is === 'choice' ? Object.keys(eventTable.cases) : []) {
    const event = defs[name] as { readonly properties: Schema };
    defs[name] = { ...event, properties: { ...event.properties, ...OF_LINES } };
  }
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: `a line of testmesh's event stream, version ${EVENT_VERSION}`,
    ...schema,
    $defs: defs,
  };
}

/** The schema of a shape; records are defined in `defs` by their names. */
export function describeShape(shape: Shape, defs: Record<string, unknown>): Schema {
  switch (shape.is) {
    case 'plain':
      return shape.schema;
    case 'text':
      return { type: 'string' };
    case 'value':
      return { $ref: '#/$defs/value' };
    case 'values':
      return { type: 'object', additionalProperties: { $ref: '#/$defs/value' } };
    case 'list':
      return { type: 'array', items: describeShape(shape.item, defs) };
    case 'record':
      return describeRecord(shape, defs);
    case 'choice':
      return { oneOf: Object.values(shape.cases).map((one) => describeShape(one, defs)) };
    case 'later':
      return describeShape(shape.find(), defs);
    default:
      return shape satisfies never;
  }
}

function describeRecord({ name, fields }: Shape & { is: 'record' }, defs: Record<string, unknown>): Schema {
  if (!(name in defs)) {
    // There before its fields are: a record may stand inside of itself.
    defs[name] = {};
    const entries = Object.entries(fields);
    const describeField = ([field, { shape }]: [string, FieldShape]) => [field, describeShape(shape, defs)];
    defs[name] = {
      type: 'object',
      required: entries.filter(([, { isOptional }]) => !isOptional).map(([field]) => field),
      properties: Object.fromEntries(entries.map(describeField)),
    };
  }
  return { $ref: `#/$defs/${name}` };
}
