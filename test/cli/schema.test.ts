import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Ajv, type ValidateFunction } from 'ajv';
import { globSync } from 'tinyglobby';
import { describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { actions, listActions } from '../../src/actions/registry.ts';
import { FLOW_ROWS, STEP_ROWS } from '../../src/cli/commands/explain-flow.ts';
import { KEYS_OF_FILE } from '../../src/cli/commands/explain-project.ts';
import { writeSchema } from '../../src/cli/commands/schema-command.ts';
import { PROJECT_KEYS } from '../../src/plan/project/project-keys.ts';
import { FLOW_KEYS, type KeyTable, STEP_KEYS } from '../../src/plan/read/keys.ts';
import { withWatchKeys } from '../../src/plan/read/watch-keys.ts';
import { sample } from '../support/sample.ts';
import { callCommand } from './command.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const isFlow = new Ajv({ strict: false }).compile(writeSchema('flow'));
const isProject = new Ajv({ strict: false }).compile(writeSchema('project'));
/** Files of the examples that are no flows. */
const OTHERS = /\/(stubs|files|\.github|grafana)\/|testmesh\.yaml$/;
/** A part of a form takes a map with any keys, too. */
const OPEN = ['http-multipart-parts.yaml'];

const find = (pattern: string): string[] => globSync(pattern, { cwd: root }).sort();
const examples = find('examples/**/*.yaml').filter((path) => !OTHERS.test(path));
const failing = find('test/flows/failing/*.yaml');
const invalid = find('test/flows/invalid/*.yaml');
const misspelt = invalid.filter(
  (path) =>
    !OPEN.some((name) => path.endsWith(name)) &&
    readFileSync(`${root}${path.replace(/yaml$/, 'err')}`, 'utf8').includes('unknown key'),
);

describe('testmesh schema', () => {
  it.each([...examples, ...sample('failing flows by the schema', failing, { count: 10 })])('takes %s', (path) => {
    expect(listMistakes(isFlow, path)).toEqual([]);
  });

  it.each(find('examples/**/testmesh.yaml'))('takes %s', (path) => {
    expect(listMistakes(isProject, path)).toEqual([]);
  });

  it.each(sample('flows with unknown keys', misspelt, { count: 10 }))('refuses the unknown key of %s', (path) => {
    expect(listMistakes(isFlow, path)).not.toEqual([]);
  });

  it.each([
    ['a setting that the action has not', { action: 'http_request', config: { url: 'http://a', bdy: 1 } }],
    ['a setting that is missing', { action: 'mock_server_reset', config: {} }],
    ['an action that there is not', { action: 'http_requst', config: { url: 'http://a' } }],
    ['a number where a text is', { action: 'http_request', config: { url: 5 } }],
    ['a step inside a step', { action: 'poll', config: { step: { action: 'nothing' }, until: 'true', timeout: '1s' } }],
    ['an assertion with another key', { action: 'log', config: { message: 'x' }, assert: [{ expr: 'true' }] }],
  ])('refuses %s', (_, step) => {
    expect(isFlow({ name: 'x', steps: [step] })).toBe(false);
  });

  it.each([
    [
      'a placeholder in the place of a number',
      { action: 'kafka_producer', config: { brokers: 'b', topic: '{{t}}', value: 1, partition: '{{p}}' } },
    ],
    ['an alias of an action', { action: 'kafka_publish', config: { brokers: 'b', topic: 't', value: 1 } }],
    ['keys with nothing behind them', { action: 'log', config: { message: 'x' }, assert: null, output: null }],
  ])('takes %s', (_, step) => {
    expect(isFlow({ flow: { name: 'x', steps: [step] } })).toBe(true);
  });

  it('tells what each key and each action is', () => {
    const { definitions } = writeSchema('flow') as { definitions: Record<string, Described> };
    const words = (definitions['step']?.properties['action']?.anyOf ?? []) as readonly { description: string }[];
    expect(words.map(({ description }) => description)).toEqual(
      expect.arrayContaining(listActions().map(({ summary }) => summary)),
    );
    for (const part of ['flow', 'step']) {
      for (const [key, value] of Object.entries(definitions[part]?.properties ?? {}))
        if (key !== 'save' && key !== 'action') expect(value.description, `${part} ${key}`).toMatch(/\w{3}/);
    }
    const config = definitions['config of http_request'];
    expect(config?.properties['url']?.description).toMatch(/^the whole address/);
    expect(config?.description).toMatch(/^Sends an HTTP request .*\n\nits result: status, body, headers, /);
  });

  it.each([
    ['flow', FLOW_KEYS, FLOW_ROWS],
    ['step', STEP_KEYS, STEP_ROWS],
    ['testmesh.yaml', withWatchKeys(PROJECT_KEYS, actions), KEYS_OF_FILE],
  ] as const)('has a row for every key of %s and no other', (_, table, rows) => {
    const told = rows.flatMap(([keys]) => keys.split(', ')).sort();
    expect(told).toEqual(listTaken(table));
  });

  it('prints the schema of flows, or of testmesh.yaml', async () => {
    const { exitCode, output } = await callCommand(['schema']);
    expect(exitCode).toBe(0);
    expect(JSON.parse(output)).toEqual(writeSchema('flow'));
    expect(JSON.parse((await callCommand(['schema', 'project'])).output).title).toContain('testmesh.yaml');
  });

  it('names the kinds where there is no such', async () => {
    const { exitCode, errors } = await callCommand(['schema', 'projekt']);
    expect(exitCode).toBe(2);
    expect(errors).toBe(
      'testmesh: `kind`: expected one of `flow` and `project`, got `projekt`\n  = did you mean `project`?\n  = see testmesh schema --help\n',
    );
  });
});

interface Described {
  readonly description?: string;
  readonly properties: Readonly<Record<string, { description?: string; anyOf?: unknown }>>;
}

function listTaken(table: KeyTable): string[] {
  return Object.keys(table)
    .filter((key) => table[key] === true || table[key] === 'needed')
    .sort();
}

function listMistakes(validate: ValidateFunction, path: string): readonly unknown[] {
  const raw = { tag: '!raw', resolve: (value: unknown) => value };
  const documents = parseAllDocuments(readFileSync(`${root}${path}`, 'utf8'), {
    merge: true,
    logLevel: 'silent',
    customTags: [raw as never],
  });
  return [...documents].flatMap((document) => {
    const data = document.toJS({ maxAliasCount: -1 });
    return data === null || validate(data) ? [] : (validate.errors ?? []);
  });
}
