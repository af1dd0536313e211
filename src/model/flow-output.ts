import type { Value } from '../expr/index.ts';
import type { ServicePrinted } from './companions/service-printed.ts';

/** What a flow leaves. */
export interface FlowOutput {
  readonly captures: Readonly<Record<string, Value>>;
  readonly secretNames: readonly string[];
  /** Of one that failed or errored. */
  readonly printed?: readonly ServicePrinted[] | undefined;
  /** The trace that went out with what it sent; absent when none did. */
  readonly trace?: SentTrace | undefined;
}

/** A trace for whoever looks for it. */
export interface SentTrace {
  /** 32 hex digits, W3C. */
  readonly traceId: string;
  /** Where it is looked at, as testmesh.yaml says. */
  readonly url?: string | undefined;
}
