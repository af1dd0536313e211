import type { KafkaConnection } from '../../drivers/kafka/connection.ts';
import type { KafkaPositions } from '../../drivers/kafka/types.ts';
import { findNearest, listNames } from '../../util/suggest.ts';

/** How long it may take to look for other names. */
const LOOK_MS = 600;
const SHOWN_NAMES = 3;

interface Asked {
  readonly connection: KafkaConnection;
  readonly signal: AbortSignal;
}

/** The topics that were not there when their offsets were looked up. */
export function listMissing(positions: KafkaPositions): readonly string[] {
  return [...positions].flatMap(([topic, { id }]) => (id === undefined ? [topic] : []));
}

/** Of topics that were not there, those that the brokers still do not know, each with the nearest that they do. Never fails. */
export async function describeUnknown(
  topics: readonly string[],
  { connection, signal }: Asked,
): Promise<readonly string[]> {
  if (topics.length === 0) return [];
  const names = await connection.listTopics({ signal, timeoutMs: LOOK_MS }).catch(() => undefined);
  signal.throwIfAborted();
  if (!names) return [];
  return topics.flatMap((topic) => (names.includes(topic) ? [] : [describeNear('topic', topic, names)]));
}

/** That the brokers do not know a consumer group, with the nearest that they do; undefined where they do, or do not say. Never fails. */
export async function describeUnknownGroup(group: string, { connection, signal }: Asked): Promise<string | undefined> {
  const names = await connection.listGroups({ signal, timeoutMs: LOOK_MS }).catch(() => undefined);
  signal.throwIfAborted();
  return names && !names.includes(group) ? describeNear('group', group, names) : undefined;
}

/** The same before anything happens, where nobody makes a topic by writing to it. */
export async function describeUnmade(topics: readonly string[], asked: Asked): Promise<readonly string[]> {
  if (topics.length === 0) return [];
  const { connection, signal } = asked;
  const makes = await connection.makesTopics({ signal, timeoutMs: LOOK_MS }).catch(() => undefined);
  return makes === false ? describeUnknown(topics, asked) : [];
}

function describeNear(what: 'topic' | 'group', name: string, names: readonly string[]): string {
  const near = findSeveral(name, names);
  return `the brokers do not know the ${what} \`${name}\`${near.length > 0 ? `; there is ${listNames(near)}` : ''}`;
}

/** Those that are written nearly so; without any, those that have the most words in common. */
function findSeveral(wanted: string, names: readonly string[]): readonly string[] {
  const left = new Set(names);
  const found: string[] = [];
  for (let next = findNearest(wanted, left); next !== undefined; next = findNearest(wanted, left)) {
    found.push(next);
    left.delete(next);
    if (found.length === SHOWN_NAMES) break;
  }
  return found.length > 0 ? found : findRelated(wanted, names);
}

function findRelated(wanted: string, names: readonly string[]): readonly string[] {
  const words = new Set(splitWords(wanted));
  const related = names.map((name) => ({ name, shared: splitWords(name).filter((word) => words.has(word)).length }));
  const most = Math.max(1, ...related.map(({ shared }) => shared));
  return related.flatMap(({ name, shared }) => (shared === most ? [name] : [])).slice(0, SHOWN_NAMES);
}

/** Its words, in the singular. */
function splitWords(name: string): readonly string[] {
  return name
    .toLowerCase()
    .split(/[._-]+/)
    .map((word) => word.replace(/s$/, ''));
}
