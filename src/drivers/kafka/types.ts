import type { TlsParts } from '../tls.ts';

/** How brokers are reached. */
export interface KafkaOptions {
  readonly brokers: readonly KafkaPeer[];
  readonly sasl?: KafkaSasl | undefined;
  readonly tls?: TlsParts | undefined;
}

export interface KafkaPeer {
  readonly host: string;
  readonly port: number;
}

export interface KafkaSasl {
  readonly mechanism: 'plain' | 'scram-sha-256' | 'scram-sha-512';
  readonly username: string;
  readonly password: string;
}

/** Time, handed in. */
export interface KafkaClock {
  now(): number;
  monotonic(): number;
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
  after(ms: number, call: () => void): () => void;
}

/** How long an operation may take and what interrupts it. */
export interface KafkaLimits {
  readonly signal: AbortSignal;
  readonly timeoutMs: number;
}

/** A message as it lies in the log. */
export interface KafkaRecord {
  readonly topic: string;
  readonly partition: number;
  readonly offset: bigint;
  /** ms since 1970; -1 when the producer gave none. */
  readonly timestampMs: number;
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  /** In the order written; a name may come again. */
  readonly headers: readonly KafkaHeader[];
}

export type KafkaHeader = readonly [name: string, value: Buffer | null];

/** Offsets of one topic by partition: the first that is meant. A partition that is not named starts at 0. */
export interface TopicOffsets {
  /** The broker's id of the topic, which tells a topic from a later one of the same name; absent when the topic did not exist. */
  readonly id?: string | undefined;
  readonly offsets: ReadonlyMap<number, bigint>;
}

/** Offsets by topic. */
export type KafkaPositions = ReadonlyMap<string, TopicOffsets>;

export interface KafkaMessageToSend {
  readonly topic: string;
  readonly partition?: number | undefined;
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly headers: readonly KafkaHeader[];
  /** ms since 1970. */
  readonly timestampMs: number;
}

export type KafkaCompression = 'none' | 'gzip' | 'snappy' | 'lz4' | 'zstd';

export interface SendOptions {
  /** How many replicas answer for the message: all, the leader, or none. */
  readonly acks: 'all' | 'leader' | 'none';
  readonly compression: KafkaCompression;
}

/** Where a message was written; no offset when no answer was asked for. */
export interface SentRecord {
  readonly partition: number;
  readonly offset: bigint | undefined;
  /** The broker's, when the topic keeps the time of arrival. */
  readonly timestampMs: number;
}

/** What follows a topic. */
export interface KafkaListener {
  /** Messages in offset order within a partition, each at most once. */
  onRecords(records: readonly KafkaRecord[]): void;
  /** The broker could not be asked (it is tried again), or could be again. */
  onTrouble(trouble: Error | undefined): void;
  /** Nothing more will come: the topic may not be read, or cannot be. */
  onEnd(error: Error): void;
}

export interface KafkaSubscription {
  /** Why it cannot be said that no message came: the last look at a partition was not answered. Undefined when all were. */
  findDoubt(): Error | undefined;
  /** Whether everything before these offsets was handed on. @throws KafkaError when some of it is lost */
  hasRead(ends: ReadonlyMap<number, bigint>): boolean;
  /** How many offsets were kept back at the last looks by a transaction that was still open. */
  countHeld(): number;
  stop(): void;
}
