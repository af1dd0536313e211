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

  constructor(message: string, facts: KafkaErrorFacts) {
    super(message, { cause: facts.cause });
    this.kind = facts.kind;
    this.code = facts.code;
    this.peer = facts.peer;
    this.isTransient = facts.isTransient ?? false;
  }
}

export interface KafkaErrorFacts {
  readonly kind: KafkaError['kind'];
  readonly code?: string | undefined;
  readonly peer?: string | undefined;
  readonly isTransient?: boolean | undefined;
  readonly cause?: unknown;
}

const TRANSIENT_CODES: ReadonlySet<string> = new Set([
  'BROKER_NOT_AVAILABLE',
  'COORDINATOR_LOAD_IN_PROGRESS',
  'FENCED_LEADER_EPOCH',
  'INCONSISTENT_TOPIC_ID',
  'KAFKA_STORAGE_ERROR',
  'LEADER_NOT_AVAILABLE',
  'LISTENER_NOT_FOUND',
  'NETWORK_EXCEPTION',
  'NOT_CONTROLLER',
  'NOT_ENOUGH_REPLICAS',
  'NOT_LEADER_OR_FOLLOWER',
  'OFFSET_NOT_AVAILABLE',
  'PREFERRED_LEADER_NOT_AVAILABLE',
  'REPLICA_NOT_AVAILABLE',
  'UNKNOWN_LEADER_EPOCH',
  'UNKNOWN_TOPIC_ID',
  'UNKNOWN_TOPIC_OR_PARTITION',
]);

/** Says what an error of the client means; errors nest, so the telling part is looked for inside. */
export function toKafkaError(error: unknown, peers: readonly KafkaPeer[]): KafkaError {
  if (error instanceof KafkaError) return error;
  const chain = [...walk(error)];
  const refusal = chain.find((one) => readText(one, 'code') === 'PLT_KFK_AUTHENTICATION') ?? findAuthentication(chain);
  if (refusal) return createAuthenticationError(refusal, findPeer(chain, peers), error);
  const protocol = chain.find((one) => readText(one, 'apiId') !== undefined);
  if (protocol) return createProtocolError(protocol, error);
  const unreadable = chain.find((one) => /unsupported compression|zstd is not supported/i.test(one.message));
  if (unreadable) return createCompressionError(error);
  return createConnectionError(chain, peers, error);
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

function* walk(error: unknown, depth = 0): Generator<Error> {
  if (!(error instanceof Error) || depth > 8) return;
  yield error;
  if (error instanceof AggregateError) for (const inner of error.errors) yield* walk(inner, depth + 1);
  yield* walk(error.cause, depth + 1);
}

function findAuthentication(chain: readonly Error[]): Error | undefined {
  return chain.find((one) =>
    /SASL_AUTHENTICATION_FAILED|UNSUPPORTED_SASL_MECHANISM/.test(readText(one, 'apiId') ?? ''),
  );
}

function createAuthenticationError(refusal: Error, peer: string | undefined, cause: unknown): KafkaError {
  const code = readText(refusal, 'apiId') ?? 'SASL_AUTHENTICATION_FAILED';
  const detail = readText(refusal, 'serverErrorMessage') ?? refusal.message;
  return new KafkaError(`the broker did not accept the credentials: ${trimMessage(detail)}`, {
    kind: 'connection',
    code,
    peer,
    cause,
  });
}

function createProtocolError(protocol: Error, cause: unknown): KafkaError {
  const code = readText(protocol, 'apiId') ?? 'UNKNOWN';
  const detail = readText(protocol, 'serverErrorMessage') ?? protocol.message;
  return new KafkaError(`the broker answered \`${code}\`: ${trimMessage(detail)}`, {
    kind: 'kafka',
    code,
    isTransient: TRANSIENT_CODES.has(code),
    cause,
  });
}

function createCompressionError(cause: unknown): KafkaError {
  return new KafkaError(
    'the topic holds messages packed with zstd, which this Node.js cannot unpack: use Node.js 22.15 or later',
    {
      kind: 'kafka',
      code: 'UNSUPPORTED_COMPRESSION',
      cause,
    },
  );
}

function createConnectionError(chain: readonly Error[], peers: readonly KafkaPeer[], cause: unknown): KafkaError {
  const peer = findPeer(chain, peers);
  const where = `\`${peer ?? formatPeers(peers)}\``;
  const system = chain.find((one) => /^(E[A-Z_]+|UNABLE_|[A-Z_]*CERT)/.test(readText(one, 'code') ?? ''));
  const code = system && readText(system, 'code');
  const isTimeout = code === 'ETIMEDOUT' || (!code && chain.some((one) => /timed out/i.test(one.message)));
  const isTransient = !code || !/CERT|^UNABLE_|^ERR_(SSL|TLS)|^EPROTO$/.test(code);
  if (isTimeout) {
    return new KafkaError(`no answer from ${where}`, { kind: 'timeout', code: 'ETIMEDOUT', peer, isTransient, cause });
  }
  const detail = code ?? trimMessage(chain.at(-1)?.message ?? String(cause));
  return new KafkaError(`${where} cannot be reached: ${describeCode(detail)}`, {
    kind: 'connection',
    code: code ?? 'ECONNRESET',
    peer,
    isTransient,
    cause,
  });
}

function describeCode(code: string): string {
  const words: Readonly<Record<string, string>> = {
    ECONNREFUSED: 'connection refused (ECONNREFUSED)',
    ECONNRESET: 'the connection was cut (ECONNRESET)',
    ENOTFOUND: 'its name is not known (ENOTFOUND)',
    EAI_AGAIN: 'its name cannot be looked up (EAI_AGAIN)',
    EHOSTUNREACH: 'there is no way to this host (EHOSTUNREACH)',
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

function readText(error: Error, key: string): string | undefined {
  const value: unknown = Reflect.get(error, key);
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function trimMessage(message: string): string {
  return message.replace(/\.$/, '');
}
