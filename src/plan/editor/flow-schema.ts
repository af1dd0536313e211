import type { ActionTable } from '../../model/action/definition.ts';
import { LOAD_KEYS } from '../load/load-document.ts';
import { LOAD_SCHEMA, SCENARIO_SCHEMA } from '../load/load-schema.ts';
import { FLOW_KEYS, type KeyTable, STEP_KEYS } from '../read/keys.ts';
import { listWatchKeys, withWatchKeys } from '../read/watch-keys.ts';
import {
  ANY,
  type JsonSchema,
  LENGTH_OF_TIME,
  mapOf,
  namesOf,
  TEMPLATE,
  TEXT,
  TEXTS,
  toWrittenSchema,
} from './json-schema.ts';
import { ASSERTIONS, type DocsOfSettings, STEP, STEPS, writeActions, writeSettings } from './step-schema.ts';

/** What keys mean, by their names. */
export interface SchemaDocs {
  readonly flow: Readonly<Record<string, string>>;
  readonly step: Readonly<Record<string, string>>;
  readonly settings: DocsOfSettings;
}

const CAPTURES = namesOf({
  anyOf: [
    TEXT,
    mapOf({
      path: { type: 'string' },
      regex: { type: 'string' },
      from: { type: 'string' },
      default: ANY,
      secret: { type: 'boolean' },
    }),
  ],
});
const SWITCH_OR_REASON: JsonSchema = { type: ['string', 'boolean'] };

const FLOW_VALUES: Readonly<Record<string, JsonSchema>> = {
  ...{ id: TEXT, name: TEXT, description: TEXT, suite: TEXT, serial: TEXT },
  ...{ tags: TEXTS, secrets: TEXTS, skip: SWITCH_OR_REASON, timeout: LENGTH_OF_TIME },
  env: namesOf(ANY),
  env_file: { type: ['string', 'array'] },
  ...{ setup: STEPS, steps: STEPS, teardown: STEPS, output: CAPTURES },
  data: { type: ['string', 'array'] },
  agree: { anyOf: [{ enum: ['auto', 'off', false] }, { type: 'object' }] },
  trace: mapOf({ propagate: ANY }),
  load: toWrittenSchema(LOAD_SCHEMA),
  scenarios: { anyOf: [namesOf(toWrittenSchema(SCENARIO_SCHEMA)), { type: 'array' }] },
};

const STEP_VALUES: Readonly<Record<string, JsonSchema>> = {
  ...{ id: TEXT, name: TEXT, description: TEXT, skip: SWITCH_OR_REASON },
  config: { type: ['object', 'string', 'null'] },
  when: { type: ['string', 'boolean'] },
  ...{ assert: ASSERTIONS, output: CAPTURES, save: CAPTURES, timeout: LENGTH_OF_TIME },
  retry: {
    anyOf: [
      mapOf(
        {
          max_attempts: { anyOf: [{ type: 'integer', minimum: 1 }, TEMPLATE] },
          delay: LENGTH_OF_TIME,
          backoff: { enum: ['fixed', 'linear', 'exponential'] },
          max_delay: LENGTH_OF_TIME,
          jitter: { type: ['boolean', 'number', 'string'] },
        },
        { required: ['max_attempts'] },
      ),
      TEMPLATE,
    ],
  },
  expect_error: { type: ['boolean', 'object'] },
  on_error: { anyOf: [{ enum: ['fail', 'continue'] }, mapOf({ action: { enum: ['fail', 'continue'] } })] },
  cleanup: { anyOf: [STEP, STEPS] },
  think: { anyOf: [LENGTH_OF_TIME, mapOf({ min: LENGTH_OF_TIME, max: LENGTH_OF_TIME })] },
  record: namesOf({ type: 'object' }),
};

/** The JSON Schema of flow files, made of the tables that files are read with. */
export function writeFlowSchema(actions: ActionTable, docs: SchemaDocs): JsonSchema {
  const { action, configs, definitions } = writeActions(actions, docs.settings);
  const watching = Object.fromEntries(
    listWatchKeys(actions).flatMap((key) => {
      const watch = actions.get(key);
      return watch ? [[key, { anyOf: [writeSettings(watch, docs.settings(key)), { type: 'string' }] }]] : [];
    }),
  );
  const summaries = Object.fromEntries(listWatchKeys(actions).map((key) => [key, actions.get(key)?.summary ?? key]));
  const describe = (table: KeyTable, about: Omit<Described, 'table'>): JsonSchema =>
    describeTable({
      ...about,
      table: withWatchKeys(table, actions),
      docs: { ...about.docs, ...summaries },
    });
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'a flow of testmesh',
    ...choose('flow', mapOf({ flow: { $ref: '#/definitions/flow' } }, { required: ['flow'], ownWords: true })),
    definitions: {
      flow: describe(FLOW_KEYS, { values: { ...FLOW_VALUES, ...watching }, docs: docs.flow, ownWords: true }),
      load: describeTable({ table: LOAD_KEYS, values: FLOW_VALUES, docs: docs.flow, ownWords: true }),
      step: {
        ...describe(STEP_KEYS, { values: { ...STEP_VALUES, ...watching, action }, docs: docs.step }),
        allOf: configs,
      },
      assertions: writeAssertions(),
      ...definitions,
    },
  };
}

/** A flow stands below its key or by itself; a document without steps has scenarios. */
function choose(key: string, wrapped: JsonSchema): JsonSchema {
  const isOfLoads = {
    required: ['scenarios'],
    not: { anyOf: ['steps', 'setup', 'teardown'].map((one) => ({ required: [one] })) },
  };
  return {
    type: 'object',
    if: { required: [key] },
    // biome-ignore lint/suspicious/noThenProperty: a key of JSON Schema
    then: wrapped,
    // biome-ignore lint/suspicious/noThenProperty: a key of JSON Schema
    else: { if: isOfLoads, then: { $ref: '#/definitions/load' }, else: { $ref: '#/definitions/flow' } },
  };
}

function writeAssertions(): JsonSchema {
  const one = {
    anyOf: [
      { type: ['string', 'boolean'], description: 'an expression over the result of the step' },
      mapOf({ expression: { type: ['string', 'boolean'] }, message: TEXT }, { required: ['expression'] }),
    ],
  };
  return { anyOf: [...one.anyOf, { type: 'array', items: one }, { type: 'null' }] };
}

interface Described {
  readonly table: KeyTable;
  readonly values: Readonly<Record<string, JsonSchema>>;
  readonly docs: Readonly<Record<string, string>>;
  readonly ownWords?: boolean;
}

/** A map with the keys of a table; those of later versions are no keys yet. A key with nothing behind it is as if absent. */
export function describeTable({ table, values, docs, ownWords = false }: Described): JsonSchema {
  const known = Object.entries(table).filter(([, entry]) => typeof entry !== 'object' || 'aliasOf' in entry);
  const properties = known.map(([key, entry]) => {
    const text =
      typeof entry === 'object' && 'aliasOf' in entry ? `another spelling of \`${entry.aliasOf}\`` : docs[key];
    return [key, { ...(text && { description: text }), ...orNothing(values[key] ?? ANY, entry === 'needed') }];
  });
  const required = known.flatMap(([key, entry]) => (entry === 'needed' ? [key] : []));
  return mapOf(Object.fromEntries(properties), { required, ownWords });
}

function orNothing(schema: JsonSchema, isNeeded: boolean): JsonSchema {
  if (isNeeded || Object.keys(schema).length === 0) return schema;
  return { anyOf: [schema, { type: 'null' }] };
}
