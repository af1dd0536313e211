import { dirname, isAbsolute, join } from 'node:path';
import { findEntry, type MapNode, type Node } from '../../source/yaml/node.ts';
import { makeScalar, replaceEntry } from '../lower/synthetic.ts';
import type { KnownConnections } from '../read/context.ts';
import { describeNode, readMap } from '../read/fields.ts';
import { CODES } from '../read/findings.ts';
import { type Fields, type KeyTable, readFields } from '../read/keys.ts';
import { checkVariableName } from '../read/variable-name.ts';
import type { ProjectContext } from './written-companion.ts';

/** The keys of a connection to brokers. */
const BROKER_KEYS: KeyTable = { brokers: 'needed', sasl: true, tls: true };

const HELP = 'write an address, `postgres://user@host/orders` or `redis://host`, or `{brokers: "host:9092"}`';

/** Reads the connections of an environment, by their names; what is in them is checked where a step uses one. */
export function planConnections(
  fields: Fields,
  context: Pick<ProjectContext, 'file' | 'findings'>,
): ReadonlyMap<string, Node> {
  const { findings } = context;
  const connections = new Map<string, Node>();
  for (const { key, value } of readMap(fields.get('connections'), findings)?.entries ?? []) {
    if (!checkVariableName(key, findings)) continue;
    const name = key.text.text;
    if (value.kind === 'map') {
      const what = `connection \`${name}\``;
      const { misspelt } = readFields(value, { table: BROKER_KEYS, what }, findings);
      const hasBrokers = findEntry(value, 'brokers') !== undefined;
      if (!hasBrokers && !misspelt.has('brokers'))
        findings.error(CODES.missingKey, `${what} needs \`brokers\``, key.span, [HELP]);
      // What is wrong here is not told of each step.
      const whole = hasBrokers ? value : replaceEntry(value, 'brokers', makeScalar('localhost:9092', key.span));
      connections.set(name, placeFiles(whole, dirname(context.file.absolutePath)));
    } else if (value.kind === 'scalar' && isAddress(value.text.text)) connections.set(name, value);
    else {
      // An address without its scheme may hold a password.
      const got = value.kind === 'scalar' ? 'a text without a scheme' : describeNode(value);
      findings.error(CODES.wrongValue, `connection \`${name}\`: expected an address, got ${got}`, value.span, [HELP]);
    }
  }
  return connections;
}

/** The connections of an environment, and which others have which. */
export function listConnections(
  plans: readonly { readonly name: string; readonly connections: ReadonlyMap<string, Node> }[],
  chosen: string | undefined,
): KnownConnections {
  const elsewhere = new Map<string, string[]>();
  for (const { name, connections } of plans) {
    if (name === chosen) continue;
    for (const word of connections.keys()) elsewhere.set(word, [...(elsewhere.get(word) ?? []), name]);
  }
  const here = plans.find(({ name }) => name === chosen)?.connections ?? new Map<string, Node>();
  return { environment: chosen, here, elsewhere };
}

function isAddress(text: string): boolean {
  return /^[a-z][a-z0-9+.-]*:\/\//i.test(text) || /\{\{|\$\{|<</.test(text);
}

/** Files of certificates are named from the folder of testmesh.yaml, wherever the flow is. */
export function placeFiles(connection: MapNode, directory: string): MapNode {
  const tls = findEntry(connection, 'tls')?.value;
  if (tls?.kind !== 'map') return connection;
  const place = (node: Node): Node => {
    if (node.kind === 'seq') return { ...node, items: node.items.map(place) };
    if (node.kind === 'map' || typeof node.value !== 'string' || !isPath(node.value)) return node;
    return makeScalar(join(directory, node.value), node.span);
  };
  const placed = ['ca', 'cert', 'key'].reduce<MapNode>((map, key) => {
    const value = findEntry(map, key)?.value;
    return value ? replaceEntry(map, key, place(value)) : map;
  }, tls);
  return replaceEntry(connection, 'tls', placed);
}

function isPath(text: string): boolean {
  return text !== '' && !/-----BEGIN|\n|\{\{|\$\{|<</.test(text) && !isAbsolute(text);
}
