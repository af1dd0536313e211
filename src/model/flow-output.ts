import type { Value } from '../expr/index.ts';
import type { ServicePrinted } from './service-printed.ts';

/** What a flow leaves. */
export interface FlowOutput {
  readonly captures: Readonly<Record<string, Value>>;
  readonly secretNames: readonly string[];
  /** Of one that failed or errored. */
  readonly printed?: readonly ServicePrinted[] | undefined;
}
