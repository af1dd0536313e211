import type { SoFar } from '../../model/action/resources.ts';
import type { LastingIo } from '../../model/companions/run-services.ts';
import type { Detail, Problem } from '../../model/events.ts';
import { countOf } from '../../util/count.ts';
import type { ActiveFault } from './active-fault.ts';
import { explainUnmet } from './explain-unmet.ts';
import type { FaultProxy } from './fault-proxy.ts';
import type { PlacedFaults } from './fault-settings.ts';
import type { Met } from './tally.ts';

/** What steps do with a proxy, be it the flow's or one of the run. */
export interface FaultTarget {
  readonly protocol: FaultProxy['protocol'];
  readonly address: string;
  set(settings: PlacedFaults): Promise<void>;
  /** Ends all faults. */
  clear(): Promise<ClearedFaults>;
}

/** What became of faults. */
export interface ClearedFaults {
  /** Who met those that held. */
  readonly met: Met;
  /** What went through, faulted or not. */
  readonly total: Met;
  /** What is worth to be known of it. */
  readonly notes: readonly string[];
}

/** Hands a proxy to steps; `before` went through before they could see it, and `own` gets the faults that they set. */
export function createTarget(proxy: FaultProxy, before?: Met, own?: Set<ActiveFault>): FaultTarget {
  return {
    protocol: proxy.protocol,
    address: proxy.address,
    async set(settings) {
      const fault = await proxy.faults.set(settings);
      own?.add(fault);
    },
    async clear() {
      const doubts = proxy.faults.listDoubtful().map(describeDoubt);
      const met = await proxy.faults.clear();
      return { met, total: subtract(proxy.total, before), notes: [...(proxy.notes ?? []), ...doubts] };
    },
  };
}

export interface ProxyShare {
  /** Connections that were ended before the flow began. */
  readonly known: ReadonlySet<string>;
  /** Faults that the flow set. */
  readonly own: ReadonlySet<ActiveFault>;
}

/** What was wrong with a proxy: connections that were ended, and faults that nobody met; of one of the run what is the flow's `share`. */
export function judgeProxy(
  proxy: FaultProxy,
  { name, step }: { readonly name: string } & Pick<LastingIo, 'step'>,
  { isAfterFailure }: SoFar,
  share?: ProxyShare,
): readonly Problem[] {
  const troubles = [...(proxy.troubles ?? [])].filter((trouble) => !share?.known.has(trouble));
  const unmet = isAfterFailure ? [] : proxy.faults.listUnmet().filter((fault) => !share || share.own.has(fault));
  return [
    ...troubles.map((trouble) => ({ ...describeTrouble(trouble, name), location: step.locate([]) })),
    ...unmet.map((fault) => describeUnmet(fault, proxy, name)),
  ];
}

/** What people should know of faults that still hold: who met them may be another's. */
export function describeProxy(proxy: FaultProxy, name: string, own?: ReadonlySet<ActiveFault>): readonly Detail[] {
  const doubtful = proxy.faults.listDoubtful().filter((fault) => !own || own.has(fault));
  return doubtful.length === 0 ? [] : [{ title: name, lines: doubtful.map(describeDoubt) }];
}

function describeDoubt({ doubtful }: ActiveFault): string {
  return `\`down\` was met by ${countOf(doubtful, 'refused connection')}, which may be of others: the machine counts them for all its ports together`;
}

function subtract(all: Met, before: Met | undefined): Met {
  const { connections = 0, requests = 0, bytes = 0 } = before ?? {};
  return {
    connections: all.connections - connections,
    requests: all.requests - requests,
    bytes: all.bytes - bytes,
  };
}

function describeTrouble(trouble: string, name: string): Problem {
  return {
    outcome: 'errored',
    kind: 'fault',
    message: `${name}: a connection was ended: ${trouble}`,
    hints: ['`protocol: tcp` lets everything through, also directly to the brokers that answers name'],
  };
}

/** A test of a fault that nobody met tests nothing. */
function describeUnmet(fault: ActiveFault, proxy: FaultProxy, name: string): Problem {
  const names = Object.keys(fault.faults).map((one) => `\`${one}\``);
  const { why, hints } = explainUnmet(fault, proxy);
  const message = `${name}: ${names.join(', ')} met nothing: ${why}`;
  return { outcome: 'errored', kind: 'fault', message, location: fault.location, hints };
}
