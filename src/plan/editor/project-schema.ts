import type { ActionTable } from '../../model/action/definition.ts';
import { listGroups } from '../project/plan-defaults.ts';
import {
  ENVIRONMENT_KEYS,
  FLOW_SETTINGS_KEYS,
  PROJECT_KEYS,
  SERVICE_KEYS,
  SERVICE_SETTINGS,
} from '../project/project-keys.ts';
import { listWatchKeys, withWatchKeys } from '../read/watch-keys.ts';
import { describeTable } from './flow-schema.ts';
import { ANY, type JsonSchema, mapOf, namesOf, TEXT, TEXTS, toWrittenSchema } from './json-schema.ts';
import { writeSettings } from './step-schema.ts';

/** What is known besides the tables of keys. */
export interface ProjectSchemaFacts {
  /** What keys mean. */
  readonly docs: Readonly<Record<string, string>>;
  /** The codes of findings. */
  readonly codes: readonly string[];
}

/** The JSON Schema of testmesh.yaml. */
export function writeProjectSchema(actions: ActionTable, { docs, codes }: ProjectSchemaFacts): JsonSchema {
  const values: Record<string, JsonSchema> = {
    environments: namesOf(writeEnvironment()),
    flows: TEXTS,
    default_environment: TEXT,
    defaults: mapOf(writeDefaults(actions)),
    before_all: TEXT,
    after_all: TEXT,
    workers: { type: 'integer', minimum: 1, maximum: 9999 },
    reporters: TEXTS,
    records: mapOf({ keep: { type: 'integer', minimum: 1 }, max_size: TEXT }),
    services: namesOf(writeService()),
    stubs: namesOf(writeStub(actions)),
    proxies: namesOf(settingsOf('fault_proxy_start', actions)),
    mocks: namesOf({ type: ['string', 'boolean'] }),
    findings: {
      type: 'object',
      properties: Object.fromEntries(codes.map((code) => [code, { enum: ['off', 'warning', 'error', false] }])),
      additionalProperties: false,
    },
    trace: mapOf({ propagate: ANY, url: TEXT }),
    agree: { anyOf: [{ enum: ['auto', 'off', false] }, { type: 'object' }] },
    flow_settings: namesOf(describeTable({ table: withWatchKeys(FLOW_SETTINGS_KEYS, actions), values: {}, docs })),
    ...Object.fromEntries(listWatchKeys(actions).map((key) => [key, settingsOf(key, actions)])),
  };
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'testmesh.yaml, the file of a project',
    ...describeTable({ table: withWatchKeys(PROJECT_KEYS, actions), values, docs, ownWords: true }),
  };
}

/** What the settings of each kind of steps may be; none of them has to be there. */
function writeDefaults(actions: ActionTable): Readonly<Record<string, JsonSchema>> {
  const written = [...listGroups(actions)].map(([group, members]) => {
    const all = members.map((action) => (writeSettings(action)['properties'] ?? {}) as JsonSchema);
    return [group, mapOf(Object.assign({}, ...all))] as const;
  });
  return Object.fromEntries(written);
}

function writeEnvironment(): JsonSchema {
  const values: Record<string, JsonSchema> = {
    env: namesOf(ANY),
    env_file: TEXTS,
    secrets: namesOf({ anyOf: [mapOf({ command: TEXT }), mapOf({ file: TEXT })] }),
    connections: namesOf({ anyOf: [TEXT, mapOf({ brokers: TEXTS, sasl: ANY, tls: ANY })] }),
    protected: { type: 'boolean' },
  };
  return describeTable({ table: ENVIRONMENT_KEYS, values, docs: {} });
}

function writeService(): JsonSchema {
  const written = toWrittenSchema(SERVICE_SETTINGS);
  const values = { ...(written['properties'] as Record<string, JsonSchema>), needs: TEXTS, env_file: TEXTS };
  return describeTable({ table: SERVICE_KEYS, values, docs: {} });
}

function writeStub(actions: ActionTable): JsonSchema {
  const settings = settingsOf('mock_server_start', actions);
  return { ...settings, properties: { file: TEXT, ...(settings['properties'] as JsonSchema) } };
}

function settingsOf(name: string, actions: ActionTable): JsonSchema {
  const action = actions.get(name);
  return action ? writeSettings(action) : ANY;
}
