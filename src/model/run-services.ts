import type { Value } from '../expr/index.ts';
import type { Stop } from '../stop/stop.ts';
import type { Problem } from './events.ts';
import type { ServicePrinted } from './service-printed.ts';

/** What a run gives its services. */
export interface ServiceIo {
  /** Of the whole run. */
  readonly stop: Stop;
  /** Hears of each variable that a service is given, and of what it gives itself: it may be a secret. */
  readonly learn: (name: string, text: string) => void;
}

/** The services of a run: started before its first flow, stopped after its last. */
export interface RunServices {
  /** What flows see under `services`: by service, the names that it gives. */
  readonly values: Value;
  /** Starts them in the order of their needs, until the run is stopped; gives why one is not there. */
  start(io: ServiceIo): Promise<readonly Problem[]>;
  /** Ends one with all that it started; gives what there is to be said of that. @throws ActionError when there is none of this name */
  stopOne(name: string, how: 'stop' | 'kill'): Promise<readonly string[]>;
  /** Starts one that was stopped; nothing is to be said of it. @throws ActionError when it does not become ready */
  startOne(name: string, stop: Stop): Promise<readonly []>;
  /** Starts again what a flow stopped, unless the run is over; gives why one is not there. */
  restore(): Promise<readonly Problem[]>;
  /** A flow with this trace id begins: gives what lists, at its end, what was printed since, the flow's own lines marked, those of other flows left out. */
  watchFlow(traceId: string): () => Promise<readonly ServicePrinted[]>;
  /** Whether one ended though nobody stopped it. */
  readonly isOneLost: boolean;
  /** Says of those why, with their last lines. */
  finish(): Promise<readonly Problem[]>;
  /** Stops all, last-first, and kills those that still run once it is hurried; gives a line for each that did not end as asked. */
  close(isHurried: () => boolean): Promise<readonly string[]>;
}
