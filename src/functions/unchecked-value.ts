import { describeType, isList, isMap, isNumber, readKey, type Value, type ValueMap } from '../expr/index.ts';

/** What keywords of a JSON Schema speak of values of one type alone: they hold of all others. */
const KEYWORDS: readonly { readonly type: string; readonly is: (value: Value) => boolean; readonly words: string }[] = [
  {
    type: 'object',
    is: isMap,
    words:
      'properties required additionalProperties patternProperties propertyNames minProperties maxProperties dependentRequired dependentSchemas dependencies unevaluatedProperties',
  },
  {
    type: 'array',
    is: isList,
    words:
      'items prefixItems contains minItems maxItems uniqueItems additionalItems minContains maxContains unevaluatedItems',
  },
  { type: 'string', is: (value) => typeof value === 'string', words: 'pattern minLength maxLength format' },
  { type: 'number', is: isNumber, words: 'minimum maximum exclusiveMinimum exclusiveMaximum multipleOf' },
];
const GROUPS = KEYWORDS.map(({ words, ...group }) => ({ ...group, words: words.split(' ') }));
/** Those that say nothing of a value. */
const SILENT: ReadonlySet<string> = new Set(
  '$schema $id $comment $defs definitions title description default examples deprecated readOnly writeOnly'.split(' '),
);
/** So many values are looked at, and so many items of a list. */
const MOST_VALUES = 500;
const MOST_ITEMS = 20;

/** Says of a value that a schema holds of that nothing of the schema is about it, or about a part of it; undefined where something is. */
export function describeUnchecked(schema: Value, value: Value): string | undefined {
  if (schema === true || (isMap(schema) && listSaying(schema).length === 0))
    return '`matches_schema` holds of every value: the schema says nothing';
  return isMap(schema) ? findUnchecked(schema, value, { path: '', left: MOST_VALUES }) : undefined;
}

function listSaying(schema: ValueMap): readonly string[] {
  return Object.keys(schema).filter((word) => !SILENT.has(word));
}

interface Search {
  readonly path: string;
  left: number;
}

function findUnchecked(schema: ValueMap, value: Value, search: Search): string | undefined {
  const words = listSaying(schema);
  const groups = GROUPS.filter((group) => group.words.some((word) => words.includes(word)));
  const isOnlyOfTypes = words.every((word) => groups.some((group) => group.words.includes(word)));
  if (isOnlyOfTypes && groups.length > 0 && !groups.some(({ is }) => is(value))) {
    const what = search.path === '' ? 'the value' : `\`${search.path.replace(/^\./, '')}\``;
    const wanted = groups.map(({ type }) => `\`type: ${type}\``).join(' or ');
    const said = words.map((word) => `\`${word}\``).join(', ');
    return `\`matches_schema\` looked at nothing of ${what}, which is ${describeType(value)}: ${said} says nothing of it, ${wanted} would`;
  }
  const absent = describeAbsent(schema, value, search.path);
  if (absent !== undefined) return absent;
  for (const [part, at, path] of listParts(schema, value)) {
    if (--search.left < 0) return undefined;
    const inner = { path: search.path + path, left: search.left };
    const found = findUnchecked(part, at, inner);
    if (found !== undefined) return found;
    search.left = inner.left;
  }
  return undefined;
}

/** What says nothing of a map that has none of the properties. */
const OPTIONAL: ReadonlySet<string> = new Set(['type', 'properties', 'additionalProperties', 'unevaluatedProperties']);
const SHOWN = 3;

/** Of a map without any of the properties, none of which is required; an empty one inside of others is usual. */
function describeAbsent(schema: ValueMap, value: Value, path: string): string | undefined {
  const { properties } = schema;
  if (!isMap(value) || properties === undefined || !isMap(properties)) return undefined;
  const names = Object.keys(properties);
  if (names.length === 0 || (path !== '' && Object.keys(value).length === 0)) return undefined;
  const isRead = names.some((name) => Object.hasOwn(value, name));
  if (isRead || !listSaying(schema).every((word) => OPTIONAL.has(word))) return undefined;
  const what = path === '' ? 'the value' : `\`${path.replace(/^\./, '')}\``;
  const shown = names.slice(0, SHOWN).map((name) => `\`${name}\``);
  const more = names.length > SHOWN ? ', …' : '';
  return `\`matches_schema\` looked at nothing of ${what}, which has none of the \`properties\` (${shown.join(', ')}${more}): \`required\` would say which have to be there`;
}

/** The parts of a value of which a part of the schema is; nil stands for what is left out. */
function* listParts(schema: ValueMap, value: Value): Generator<readonly [ValueMap, Value, string]> {
  const { properties, items } = schema;
  if (isMap(value) && properties !== undefined && isMap(properties)) {
    for (const [key, part] of Object.entries(properties)) {
      const at = readKey(value, key);
      if (at !== undefined && at !== null && isMap(part)) yield [part, at, `.${key}`];
    }
  }
  if (!isList(value) || items === undefined || !isMap(items)) return;
  for (const [index, item] of value.slice(0, MOST_ITEMS).entries())
    if (item !== null) yield [items, item, `[${index}]`];
}
