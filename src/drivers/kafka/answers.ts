import { type fetchV17, type metadataV12, protocolErrorsCodesById } from '@platformatic/kafka';
import type { WireBatch } from './batches.ts';

type FetchResponse = ReturnType<typeof fetchV17.parseResponse>;
type MetadataResponse = ReturnType<typeof metadataV12.parseResponse>;

/** What a broker has of one partition. */
export interface FetchedPart {
  readonly partition: number;
  /** The name of what is wrong with this partition. */
  readonly error?: string | undefined;
  /** Where the partition ends, and where what may be read ends: at the first transaction that is still open. */
  readonly highWatermark: bigint;
  readonly lastStableOffset: bigint;
  readonly batches: readonly WireBatch[];
  readonly aborted: readonly { readonly producerId: bigint; readonly firstOffset: bigint }[];
}

/** The answer about all topics: one topic's error makes the client throw away the others. */
export function takeMetadata(error: unknown): MetadataResponse {
  const response: unknown = error instanceof Error ? Reflect.get(error, 'response') : undefined;
  if (typeof response !== 'object' || response === null || !('topics' in response)) throw error;
  return response as MetadataResponse;
}

/** The answer with all partitions: one partition's error makes the client throw away the others. @throws any other error */
export function takeResponse(error: unknown): FetchResponse {
  const response: unknown = error instanceof Error ? Reflect.get(error, 'response') : undefined;
  if (typeof response !== 'object' || response === null || !('responses' in response)) throw error;
  const taken = response as FetchResponse;
  if (taken.errorCode !== 0) throw error;
  return taken;
}

/** One partition's part of an answer. */
export function toFetchedPart(part: FetchResponse['responses'][number]['partitions'][number]): FetchedPart {
  return {
    partition: part.partitionIndex,
    error: part.errorCode === 0 ? undefined : nameError(part.errorCode),
    highWatermark: part.highWatermark,
    lastStableOffset: part.lastStableOffset,
    batches: part.records ?? [],
    aborted: part.abortedTransactions ?? [],
  };
}

function nameError(code: number): string {
  return Reflect.get(protocolErrorsCodesById, code) ?? 'UNKNOWN_SERVER_ERROR';
}
