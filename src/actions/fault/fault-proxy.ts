import type { ActiveFault, Met } from './active-fault.ts';
import type { FaultSettings } from './fault-settings.ts';
import type { PaceClock } from './pacer.ts';

/** What stands between a service and what it depends on. */
export interface FaultProxy {
  /** What it is reached by: `127.0.0.1:40001`, `http://127.0.0.1:40001`. */
  readonly address: string;
  readonly port: number;
  readonly protocol: 'tcp' | 'http' | 'kafka';
  set(settings: FaultSettings): Promise<ActiveFault>;
  /** Ends all faults; gives who met them. */
  clear(): Promise<Met>;
  /** Whether each fault that was set so far was met by somebody; the ones that were not. */
  listUnmet(): readonly ActiveFault[];
  /** What is worth to be known of what went through. */
  readonly notes?: ReadonlySet<string>;
  /** Why connections were ended that no fault meant. */
  readonly troubles?: ReadonlySet<string>;
  /** What went through so far, faulted or not. */
  readonly total: Met;
  close(): Promise<void>;
}

/** What a proxy needs from outside. */
export interface ProxyHost {
  readonly clock: PaceClock;
  /** From 0 (inclusive) to 1 (exclusive), seeded. */
  random(): number;
}

/** The sum of what several faults were met by. */
export function addMet(all: readonly Met[]): Met {
  return all.reduce(
    (sum, { connections, requests, bytes }) => ({
      connections: sum.connections + connections,
      requests: sum.requests + requests,
      bytes: sum.bytes + bytes,
    }),
    { connections: 0, requests: 0, bytes: 0 },
  );
}

/** Whether anybody met a fault. */
export function isMet({ connections, requests, bytes }: Met): boolean {
  return connections + requests + bytes > 0;
}
