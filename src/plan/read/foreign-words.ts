import type { Meaning } from './keys.ts';

/** Actions of the language that this version does not have. */
export const LATER_ACTIONS: readonly string[] = [
  'mock_server_start',
  'mock_server_verify',
  'mock_server_configure',
  'mock_server_reset',
  'fault_proxy_start',
  'fault_set',
  'fault_clear',
];

/** Words that other tools have for actions. */
export const OTHER_ACTIONS: ReadonlyMap<string, string> = new Map([
  ...['wait', 'sleep', 'pause'].map(toPair('delay')),
  ...['request', 'rest', 'http.get', 'http.post', 'http.put', 'http.patch', 'http.delete'].map(toPair('http_request')),
  ...['sql', 'query', 'postgres', 'postgresql', 'mysql'].map(toPair('database_query')),
  ...['print', 'echo'].map(toPair('log')),
  ...['loop', 'repeat'].map(toPair('for_each')),
  ...['call', 'include'].map(toPair('run_flow')),
]);

const STEP_KEYS: ReadonlyMap<string, string> = new Map([
  ...['expect', 'expects', 'check', 'checks', 'validate', 'verify', 'should'].map(toPair('assert')),
  ...['extract', 'capture', 'captures', 'register', 'export', 'store'].map(toPair('output')),
  ...['if', 'condition'].map(toPair('when')),
  ...['with', 'params', 'args', 'request'].map(toPair('config')),
  ...['type', 'uses', 'run'].map(toPair('action')),
]);

const FLOW_KEYS: ReadonlyMap<string, string> = new Map([
  ...['vars', 'variables'].map(toPair('env')),
  ...['tests', 'testcases', 'stages', 'tasks', 'jobs'].map(toPair('steps')),
  ...['before', 'before_all', 'beforeAll'].map(toPair('setup')),
  ...['after', 'after_all', 'afterAll'].map(toPair('teardown')),
]);

const INPUT_WORDS: ReadonlySet<string> = new Set(['input', 'inputs', 'params', 'parameters']);

/** What a key of a step means in other tools. */
export function explainOtherStepKey(word: string): Meaning | undefined {
  return toMeaning(STEP_KEYS.get(word));
}

/** What a key of a flow means in other tools. */
export function explainOtherFlowKey(word: string): Meaning | undefined {
  if (INPUT_WORDS.has(word))
    return { help: 'what a caller gives are variables: use them by name, or declare them under `env:`' };
  return toMeaning(FLOW_KEYS.get(word));
}

function toMeaning(meant: string | undefined): Meaning | undefined {
  return meant === undefined ? undefined : { help: `did you mean \`${meant}\`?`, insteadOf: meant };
}

function toPair(meant: string): (word: string) => readonly [string, string] {
  return (word) => [word, meant];
}
