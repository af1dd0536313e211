import type { MapNode, Node, ScalarNode } from '../source/node.ts';
import { findNearest, listNames } from '../util/suggest.ts';
import { CODES, type Findings } from './findings.ts';

/** What a mapping may hold: `true` for a known key, the key that an alias stands for, or why a known key is not taken yet. */
export type KeyTable = Readonly<Record<string, true | { aliasOf: string } | { later: string }>>;

/** A key that was written, with its value; a key with nothing behind it is as if absent. */
export interface Field {
  readonly key: ScalarNode;
  readonly value: Node;
}

const LATER_FLOW = 'it comes with a later version';

export const FLOW_KEYS: KeyTable = {
  id: true,
  name: true,
  description: true,
  suite: true,
  tags: true,
  skip: true,
  env_file: true,
  env: true,
  secrets: true,
  timeout: true,
  setup: true,
  steps: true,
  teardown: true,
  output: true,
  data: { later: LATER_FLOW },
  serial: { later: LATER_FLOW },
  load: { later: LATER_FLOW },
  scenarios: { later: LATER_FLOW },
};

export const STEP_KEYS: KeyTable = {
  id: true,
  name: true,
  description: true,
  action: true,
  config: true,
  when: true,
  skip: true,
  assert: true,
  output: true,
  save: { aliasOf: 'output' },
  retry: true,
  timeout: true,
  expect_error: true,
  on_error: true,
  cleanup: { later: LATER_FLOW },
  think: { later: LATER_FLOW },
};

/** Actions of the language that this version does not have. */
export const LATER_ACTIONS: readonly string[] = [
  'parallel',
  'for_each',
  'if',
  'condition',
  'run_flow',
  'redis.get',
  'redis.set',
  'redis.del',
  'redis.exists',
  'redis.command',
  'db_poll',
  'wait_for',
  'wait_until',
  'mock_server_start',
  'mock_server_verify',
  'mock_server_configure',
  'mock_server_reset',
  'fault_proxy_start',
  'fault_set',
  'fault_clear',
];

/** Reads the keys of a mapping against its table; tells unknown keys, both spellings at once, and keys of later versions. */
export function readFields(map: MapNode, table: KeyTable, what: string, findings: Findings): Map<string, Field> {
  const fields = new Map<string, Field>();
  for (const { key, value } of map.entries) {
    const word = key.text.text;
    const entry = Object.hasOwn(table, word) ? table[word] : undefined;
    if (entry === undefined) {
      tellUnknownKey(key, table, what, findings);
      continue;
    }
    if (isNothing(value)) continue;
    if (entry !== true && 'later' in entry) {
      findings.error(CODES.notInThisVersion, `\`${word}\` is not in this version: ${entry.later}`, key.span);
      continue;
    }
    const name = entry === true ? word : entry.aliasOf;
    const earlier = fields.get(name);
    if (earlier) {
      const message = `\`${earlier.key.text.text}\` and \`${word}\` mean the same: write one of them`;
      findings.error(CODES.bothSpellings, message, key.span, [`keep \`${name}\``]);
      continue;
    }
    fields.set(name, { key, value });
  }
  return fields;
}

/** Whether a value is nothing at all: an empty key, or `null`. */
export function isNothing(node: Node): boolean {
  return node.kind === 'scalar' && node.value === null;
}

function tellUnknownKey(key: ScalarNode, table: KeyTable, what: string, findings: Findings): void {
  const known = Object.keys(table).filter((name) => table[name] === true);
  const word = key.text.text;
  const nearest = findNearest(word, known);
  const help = nearest ? `did you mean \`${nearest}\`?` : `${what} has the keys ${listNames(known, 20)}`;
  findings.error(CODES.unknownKey, `unknown key \`${word}\` in ${what}`, key.span, [help]);
}
