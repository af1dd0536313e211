import { KafkaError } from './errors.ts';
import type { KafkaPeer } from './types.ts';

/** What the brokers say of a topic. */
export interface TopicFacts {
  readonly id: string;
  /** Node of the leader by partition. */
  readonly leaders: readonly number[];
  readonly nodes: ReadonlyMap<number, KafkaPeer>;
}

/** Partitions by the node that leads them. */
export function groupByLeader(facts: TopicFacts): ReadonlyMap<number, readonly number[]> {
  const groups = new Map<number, number[]>();
  for (const [partition, leader] of facts.leaders.entries()) {
    const group = groups.get(leader);
    if (group) group.push(partition);
    else groups.set(leader, [partition]);
  }
  return groups;
}

/** The broker of a node. @throws KafkaError when the brokers do not name it (it just went away) */
export function findNode(facts: TopicFacts, leader: number): KafkaPeer {
  const node = facts.nodes.get(leader);
  if (!node) {
    const message = `broker ${leader}, which leads a partition, is not available`;
    throw new KafkaError(message, { kind: 'kafka', code: 'LEADER_NOT_AVAILABLE', isTransient: true });
  }
  return node;
}
