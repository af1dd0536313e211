import { describeForeign, isClosed, isUnreadable, readText, trimMessage, walkErrors } from './error-parts.ts';
import { explainRefusal, explainTls } from './refusals.ts';
import type { KafkaPeer } from './types.ts';

/** Why brokers could not do what was asked. */
export class KafkaError extends Error {
  override readonly name = 'KafkaError';
  readonly kind: 'connection' | 'timeout' | 'kafka';
  /** ECONNREFUSED, UNKNOWN_TOPIC_OR_PARTITION, … */
  readonly code: string | undefined;
  /** `host:port` of the broker that it is about. */
  readonly peer: string | undefined;
  /** Whether the same may go well a little later. */
  readonly isTransient: boolean;
  /** What the user may not do. */
  readonly denied: Denied | undefined;
  /** Whether messages went out and their acknowledgement did not come: they may have been written. */
  readonly isUnacknowledged: boolean;

  constructor(message: string, facts: KafkaErrorFacts) {
    super(message, { cause: facts.cause });
    this.kind = facts.kind;
    this.code = facts.code;
    this.peer = facts.peer;
    this.isTransient = facts.isTransient ?? false;
    this.denied = facts.denied;
    this.isUnacknowledged = facts.isUnacknowledged ?? false;
  }
}

/** An operation, by the name that access rules have for it, on a topic. */
export interface Denied {
  readonly operation: 'Read' | 'Write';
  readonly topic: string;
}

/** What was asked of a topic, or of how far a group has read it. */
export interface Wanted {
  readonly operation: Denied['operation'];
  readonly topic?: string | undefined;
  readonly group?: string | undefined;
}

export interface KafkaErrorFacts {
  readonly kind: KafkaError['kind'];
  readonly code?: string | undefined;
  readonly peer?: string | undefined;
  readonly isTransient?: boolean | undefined;
  readonly denied?: Denied | undefined;
  readonly isUnacknowledged?: boolean | undefined;
  readonly cause?: unknown;
}

const TRANSIENT_CODES: ReadonlySet<string> = new Set([
  'BROKER_NOT_AVAILABLE',
  'COORDINATOR_LOAD_IN_PROGRESS',
  'COORDINATOR_NOT_AVAILABLE',
  'FENCED_LEADER_EPOCH',
  'INCONSISTENT_TOPIC_ID',
  'KAFKA_STORAGE_ERROR',
  'LEADER_NOT_AVAILABLE',
  'LISTENER_NOT_FOUND',
  'NETWORK_EXCEPTION',
  'NOT_CONTROLLER',
  'NOT_COORDINATOR',
  'NOT_ENOUGH_REPLICAS',
  'NOT_LEADER_OR_FOLLOWER',
  'OFFSET_NOT_AVAILABLE',
  'PREFERRED_LEADER_NOT_AVAILABLE',
  'REPLICA_NOT_AVAILABLE',
  'UNKNOWN_LEADER_EPOCH',
  'UNKNOWN_TOPIC_ID',
  'UNKNOWN_TOPIC_OR_PARTITION',
]);

/** Says what an error of the client means; errors nest, so the part that explains is looked for inside. */
export function toKafkaError(error: unknown, peers: readonly KafkaPeer[], wanted?: Wanted): KafkaError {
  if (error instanceof KafkaError) return error;
  const chain = [...walkErrors(error)];
  const peer = findPeer(chain, peers);
  const where = `\`${peer ?? formatPeers(peers)}\``;
  const refusal = explainRefusal(chain, where) ?? explainTls(chain, where);
  if (refusal) return new KafkaError(refusal.message, { ...refusal, kind: 'connection', peer, cause: error });
  const protocol = chain.find((one) => readText(one, 'apiId') !== undefined);
  if (protocol) return createProtocolError(protocol, error, wanted);
  const unreadable = chain.find((one) => /unsupported compression|zstd is not supported/i.test(one.message));
  if (unreadable) return createCompressionError(error, wanted);
  const foreign = describeForeign(chain);
  if (foreign !== undefined) return createForeignError(foreign, where, error);
  if (isUnreadable(chain)) return createUnreadableError(chain, where, error);
  return createConnectionError(chain, { where, peer, cause: error });
}

/** Writes a peer as people do. */
export function formatPeer(peer: KafkaPeer): string {
  return peer.host.includes(':') ? `[${peer.host}]:${peer.port}` : `${peer.host}:${peer.port}`;
}

/** Writes several peers in one line. */
export function formatPeers(peers: readonly KafkaPeer[]): string {
  return peers.map(formatPeer).join(', ');
}

/** The error of something that was not answered in time. */
export function createTimeoutError(peer: string, waitedMs: number): KafkaError {
  return new KafkaError(`no answer from \`${peer}\` within ${Math.round(waitedMs)} ms`, {
    kind: 'timeout',
    code: 'ETIMEDOUT',
    peer,
    isTransient: true,
  });
}

function createProtocolError(protocol: Error, cause: unknown, wanted: Wanted | undefined): KafkaError {
  const code = readText(protocol, 'apiId') ?? 'UNKNOWN';
  const { operation, topic, group } = wanted ?? {};
  if (operation && topic !== undefined && code === 'TOPIC_AUTHORIZATION_FAILED') {
    const verb = operation === 'Read' ? 'read' : 'write to';
    const message = `the broker does not let this user ${verb} \`${topic}\` (${code})`;
    return new KafkaError(message, { kind: 'kafka', code, denied: { operation, topic }, cause });
  }
  const owner = group === undefined ? '' : ` for the group \`${group}\``;
  const detail = readText(protocol, 'serverErrorMessage') ?? protocol.message;
  return new KafkaError(`the broker answered \`${code}\`${owner}: ${trimMessage(detail)}`, {
    kind: 'kafka',
    code,
    isTransient: TRANSIENT_CODES.has(code),
    cause,
  });
}

function createCompressionError(cause: unknown, wanted: Wanted | undefined): KafkaError {
  const what =
    wanted?.operation === 'Write'
      ? 'this Node.js cannot compress messages with zstd'
      : 'the topic holds messages compressed with zstd, which this Node.js cannot decompress';
  const facts = { kind: 'kafka', code: 'UNSUPPORTED_COMPRESSION', cause } as const;
  return new KafkaError(`${what}: use Node.js 22.15 or later`, facts);
}

function createForeignError(begin: string, where: string, cause: unknown): KafkaError {
  const message = `the answer from ${where} is not Kafka's protocol: it begins with ${begin}`;
  return new KafkaError(message, { kind: 'kafka', code: 'UNREADABLE_ANSWER', cause });
}

function createUnreadableError(chain: readonly Error[], where: string, cause: unknown): KafkaError {
  const detail = chain.at(-1)?.message ?? String(cause);
  return new KafkaError(`the answer from ${where} cannot be read: ${trimMessage(detail)}`, {
    kind: 'kafka',
    code: 'UNREADABLE_ANSWER',
    cause,
  });
}

interface Place {
  /** Where it went wrong, in backticks. */
  readonly where: string;
  readonly peer: string | undefined;
  readonly cause: unknown;
}

function createConnectionError(chain: readonly Error[], { where, peer, cause }: Place): KafkaError {
  const system = chain.find((one) => /^E[A-Z_]+$/.test(readText(one, 'code') ?? ''));
  const code = system && readText(system, 'code');
  if (code === 'ETIMEDOUT' || (!code && chain.some((one) => /timed out/i.test(one.message)))) {
    const facts = { kind: 'timeout', code: 'ETIMEDOUT', peer, isTransient: true, cause } as const;
    return new KafkaError(`no answer from ${where}`, facts);
  }
  const facts = { kind: 'connection', code: code ?? 'ECONNRESET', peer, isTransient: true, cause } as const;
  if (isClosed(chain)) return new KafkaError(`${where} closed the connection`, facts);
  if (code === 'ECONNRESET') return new KafkaError(`${where} cut the connection (ECONNRESET)`, facts);
  const detail = code ?? trimMessage(chain.at(-1)?.message ?? String(cause));
  return new KafkaError(`${where} cannot be reached: ${describeCode(detail)}`, facts);
}

function describeCode(code: string): string {
  const words: Readonly<Record<string, string>> = {
    ECONNREFUSED: 'connection refused (ECONNREFUSED)',
    ENOTFOUND: 'its name is not known (ENOTFOUND)',
    EAI_AGAIN: 'its name cannot be looked up (EAI_AGAIN)',
    EHOSTUNREACH: 'there is no route to this host (EHOSTUNREACH)',
  };
  return words[code] ?? code;
}

function findPeer(chain: readonly Error[], peers: readonly KafkaPeer[]): string | undefined {
  for (const one of chain) {
    const named = /[Cc]onnection to (\S+:\d+) /.exec(one.message);
    if (named?.[1]) return named[1];
  }
  const only = peers.length === 1 ? peers[0] : undefined;
  return only && formatPeer(only);
}
