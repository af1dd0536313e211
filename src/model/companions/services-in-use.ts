import type { Value } from '../../expr/index.ts';
import type { Stop } from '../../stop/stop.ts';
import type { FlowAmongOthers } from '../action/other-flows.ts';
import type { Resource } from '../action/resources.ts';
import type { Problem } from '../events.ts';
import type { ServicePrinted } from './service-printed.ts';

/** The services, stubs and proxies of a run, as its flows have them. */
export interface ServicesInUse {
  /** What flows see of them: `services`, `stubs`, `proxies` and `mocks`. */
  readonly values: Readonly<Record<string, Value>>;
  /** How often one was started again, and may give other values since. */
  readonly restarts: number;
  /** The names of services that were started again at another address, by the origin that they had. */
  readonly moved: ReadonlyMap<string, string>;
  /** Ends a service with all that it started; gives what there is to be said of that. @throws ActionError when there is none of this name */
  stopOne(name: string, how: 'stop' | 'kill'): Promise<readonly string[]>;
  /** Starts a service that was stopped; nothing is to be said of it. @throws ActionError when it does not become ready */
  startOne(name: string, stop: Stop): Promise<readonly []>;
  /** Starts again what a flow stopped, unless the run is over; gives why one is not there. */
  restore(): Promise<readonly Problem[]>;
  /** A flow begins. */
  openFlow(flow: FlowAmongOthers): FlowCompanions;
}

/** What a flow sees of the companions of its run. */
export interface FlowCompanions {
  /** By key; what the flow changes there ends with it. */
  readonly resources: ReadonlyMap<string, Resource<unknown>>;
  /** At the flow's end: what services printed since, the flow's own lines marked, those of other flows left out. */
  listPrinted(): Promise<readonly ServicePrinted[]>;
}
