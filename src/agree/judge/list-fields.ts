import { isList, isMap, type Value, type ValueMap } from '../../expr/index.ts';
import type { Root } from '../read/look.ts';
import { findOwnId } from '../read/read-records.ts';
import { foldName } from '../words/field-name.ts';

const MAX_DEPTH = 3;
const MAX_FIELDS = 300;
/** Keys whose content belongs to what holds them. */
const SEE_THROUGH = /^attributes$/i;
/** Of an event: about itself, and not about the thing. */
const OF_EVENT =
  /^(?:eventtype|event|eventname|messagetype|type|kind|action|source|subject|specversion|schema|dataschema|datacontenttype|producer|topic|key|partition|headers|metadata|meta|context)$/;

/** One field of a record. */
export interface Field {
  /** By which it is compared: folded, with those around it. */
  readonly name: string;
  /** As it is written. */
  readonly written: string;
  readonly path: string;
  readonly value: Value;
}

export interface FieldsOptions {
  readonly root: Pick<Root, 'kind' | 'value'>;
  readonly path: string;
  readonly columns?: ReadonlySet<string> | undefined;
  /** Names, folded, that say which thing it is. */
  readonly identity: ReadonlySet<string>;
}

/** Lists the fields of a record that hold plain values or lists of them, at any depth but in records of their own. */
export function listFields(record: ValueMap, options: FieldsOptions): readonly Field[] {
  const fields: Field[] = [];
  const visit = (map: ValueMap, around: { name: string; path: string; depth: number }): void => {
    for (const [key, value] of Object.entries(map)) {
      if (fields.length >= MAX_FIELDS || (around.depth === 0 && !isOwnField(key, value, options))) continue;
      const name = `${around.name}${foldName(key)}`;
      const path = `${around.path}.${key}`;
      if (isMap(value)) {
        const prefix = SEE_THROUGH.test(key) ? around.name : `${name}.`;
        const isOther = findOwnId(value) !== undefined;
        if (!isOther && around.depth < MAX_DEPTH) visit(value, { name: prefix, path, depth: around.depth + 1 });
      } else if (!isList(value) || value.every((item) => typeof item !== 'object' || item === null))
        fields.push({ name, written: path.slice(options.path.length + 1), path, value });
    }
  };
  visit(record, { name: '', path: options.path, depth: 0 });
  return fields;
}

function isOwnField(key: string, value: Value, { root, columns, identity }: FieldsOptions): boolean {
  const name = foldName(key);
  if (name === 'id' || identity.has(name)) return false;
  if (columns && !columns.has(key)) return false;
  if (root.kind !== 'message') return true;
  // An event may say what it is by its name.
  const isOwnName = name === 'name' && typeof value === 'string' && /^[\w-]+[.:/][\w.:/-]+$/.test(value);
  return !OF_EVENT.test(name) && !isOwnName;
}
