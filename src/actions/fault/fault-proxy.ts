import type { FaultList } from './fault-list.ts';
import type { Met } from './tally.ts';

/** What stands between a service and what it depends on. */
export interface FaultProxy {
  /** What it is reached by: `127.0.0.1:40001`, `http://127.0.0.1:40001`. */
  readonly address: string;
  readonly port: number;
  readonly protocol: 'tcp' | 'http' | 'kafka';
  readonly faults: FaultList;
  /** What is worth to be known of what went through. */
  readonly notes?: ReadonlySet<string>;
  /** Why connections were ended that no fault meant. */
  readonly troubles?: ReadonlySet<string>;
  /** What went through so far, faulted or not. */
  readonly total: Met;
  close(): Promise<void>;
}
