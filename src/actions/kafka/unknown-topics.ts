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
  return topics.flatMap((topic) => {
    if (names.includes(topic)) return [];
    const near = findSeveral(topic, names);
    return [`the brokers do not know the topic \`${topic}\`${near.length > 0 ? `; there is ${listNames(near)}` : ''}`];
  });
}

/** The same before anything happens, where nobody makes a topic by writing to it. */
export async function describeUnmade(topics: readonly string[], asked: Asked): Promise<readonly string[]> {
  if (topics.length === 0) return [];
  const { connection, signal } = asked;
  const makes = await connection.makesTopics({ signal, timeoutMs: LOOK_MS }).catch(() => undefined);
  return makes === false ? describeUnknown(topics, asked) : [];
}

/** Those that are written nearly so; without any, those that have the most words in common. */
function findSeveral(topic: string, names: readonly string[]): readonly string[] {
  const left = new Set(names);
  const found: string[] = [];
  for (let next = findNearest(topic, left); next !== undefined; next = findNearest(topic, left)) {
    found.push(next);
    left.delete(next);
    if (found.length === SHOWN_NAMES) break;
  }
  return found.length > 0 ? found : findRelated(topic, names);
}

function findRelated(topic: string, names: readonly string[]): readonly string[] {
  const words = new Set(splitWords(topic));
  const related = names.map((name) => ({ name, shared: splitWords(name).filter((word) => words.has(word)).length }));
  const most = Math.max(1, ...related.map(({ shared }) => shared));
  return related.flatMap(({ name, shared }) => (shared === most ? [name] : [])).slice(0, SHOWN_NAMES);
}

/** Its words, in the singular. */
function splitWords(topic: string): readonly string[] {
  return topic
    .toLowerCase()
    .split(/[._-]+/)
    .map((word) => word.replace(/s$/, ''));
}
