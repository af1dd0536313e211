import type { ActionDefinition, ActionTable } from '../../model/action/definition.ts';
import { WAIT_TABLES } from '../lower/lower-waits.ts';
import type { KeyTable } from '../read/keys.ts';
import { ANY, type JsonSchema, mapOf, TEXT, toWrittenSchema } from './json-schema.ts';

export const STEP: JsonSchema = { $ref: '#/definitions/step' };
export const STEPS: JsonSchema = { type: ['array', 'null'], items: STEP };
export const ASSERTIONS: JsonSchema = { $ref: '#/definitions/assertions' };

/** A word that a step may name, and what its settings are. */
interface ActionWord {
  readonly word: string;
  readonly summary: string;
  readonly action: ActionDefinition | undefined;
}

/** What the settings of an action are for. */
export type DocsOfSettings = (action: string) => Readonly<Record<string, string>>;

/** What `action` may be, and for each what `config` then is. */
export function writeActions(
  actions: ActionTable,
  docsOf: DocsOfSettings,
): {
  readonly action: JsonSchema;
  readonly configs: readonly JsonSchema[];
  readonly definitions: JsonSchema;
} {
  const words = listWords(actions);
  const definitions: JsonSchema = {};
  for (const { word, action } of words) {
    if (action === undefined) definitions[`config of ${word}`] = writeTable(WAIT_TABLES[word] ?? {});
    else definitions[`config of ${action.name}`] ??= writeSettings(action, docsOf(action.name));
  }
  return {
    action: { anyOf: words.map(({ word, summary }) => ({ const: word, description: summary })) },
    configs: words.map(({ word, summary, action }) => ({
      if: { properties: { action: { const: word } }, required: ['action'] },
      // biome-ignore lint/suspicious/noThenProperty: a key of JSON Schema
      then: {
        properties: {
          config: {
            description: action ? sayAction(action) : summary,
            anyOf: [{ $ref: `#/definitions/config of ${action?.name ?? word}` }, { type: 'null' }],
          },
        },
      },
    })),
    definitions,
  };
}

function listWords(actions: ActionTable): readonly ActionWord[] {
  const named = [...actions].filter(([, action]) => !action.traits?.isInternal);
  return [
    ...named.map(([word, action]) => ({ word, action, summary: action.summary })),
    ...Object.keys(WAIT_TABLES).map((word) => ({ word, action: undefined, summary: 'Another spelling of `poll`' })),
  ];
}

/** What fits the settings of an action: its steps and assertions too, and other spellings. */
export function writeSettings(action: ActionDefinition, docs: Readonly<Record<string, string>> = {}): JsonSchema {
  const { settings, control } = action;
  const written = findMap(toWrittenSchema(settings.schema));
  const properties = (written?.['properties'] ?? {}) as JsonSchema;
  for (const pattern of control?.steps ?? []) placeSteps(properties, pattern.replace(/\?$/, '').split('.'));
  if (settings.assertions) properties[settings.assertions] = ASSERTIONS;
  for (const [key, description] of Object.entries(docs))
    if (properties[key] !== undefined) properties[key] = { ...(properties[key] as JsonSchema), description };
  for (const [word, meant] of Object.entries(settings.aliases ?? {}))
    properties[word] = { ...(properties[meant] as JsonSchema), description: `another spelling of \`${meant}\`` };
  const spelt = new Set(Object.values(settings.aliases ?? {}));
  const borrowed = new Set([...(control?.borrows?.flat() ?? []), ...(settings.connection?.gives ?? [])]);
  const required = ((written?.['required'] ?? []) as readonly string[]).filter(
    (key) => !spelt.has(key) && !borrowed.has(key),
  );
  return {
    description: sayAction(action),
    ...written,
    ...(written?.['properties'] !== undefined && { properties, required }),
  };
}

/** What an action does, with an example and what its result has. */
function sayAction({ summary, settings, result }: ActionDefinition): string {
  const gives = Object.keys(result.keys);
  return [
    summary,
    ...(settings.note === undefined ? [] : [`for example ${settings.note.example}`]),
    ...(gives.length === 0 ? [] : [`its result: ${gives.join(', ')}`]),
  ].join('\n\n');
}

/** The map that settings are, beside what else may stand there. */
function findMap(written: JsonSchema): JsonSchema | undefined {
  const options = (written['anyOf'] ?? [written]) as readonly JsonSchema[];
  return options.find(({ type }) => type === 'object');
}

/** `step`, `then[]`, `branches[].steps[]`. */
function placeSteps(properties: JsonSchema, [first = '', ...rest]: readonly string[]): void {
  const key = first.replace('[]', '');
  if (rest.length === 0) {
    properties[key] = first === key ? STEP : STEPS;
    return;
  }
  const list = (properties[key] as { anyOf?: readonly JsonSchema[] }).anyOf?.[0] ?? (properties[key] as JsonSchema);
  const item = findMap((list['items'] ?? {}) as JsonSchema);
  if (item) placeSteps(item['properties'] as JsonSchema, rest);
}

function writeTable(table: KeyTable): JsonSchema {
  const own: JsonSchema = { steps: STEPS, method: TEXT, url: TEXT, host: TEXT };
  return mapOf(Object.fromEntries(Object.keys(table).map((key) => [key, own[key] ?? ANY])));
}
