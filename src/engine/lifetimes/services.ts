import type { Host } from '../../expr/index.ts';
import type { Clock } from '../../model/action/resources.ts';
import type { Wants } from '../../model/consumer.ts';
import type { RunEvent } from '../../model/events.ts';
import type { Secrets } from '../events/secrets.ts';
import type { Random } from '../names/random.ts';
import type { FlowStops, OuterStops } from './flow-stops.ts';
import type { OwnedResources } from './resources.ts';
import type { RunIdentity, RunPolicy } from './run-options.ts';

/** What the flows of a session are served with. */
export interface SessionServices {
  readonly identity: RunIdentity;
  readonly policy: RunPolicy;
  /** What consumers of the events want. */
  readonly wants: Wants;
  readonly clock: Clock;
  readonly resources: OwnedResources;
  readonly stops: OuterStops;
  readonly secrets: Secrets;
  emit(event: RunEvent): void;
  /** Gives what makes the services of the functions of flows in a directory, for each evaluation stream. */
  hostsIn(directory: string, random: Random): (stream: string) => Host;
  /** Keeps the error for whoever must hear of a bug. */
  reportBug(error: unknown): void;
}

/** What the steps of one execution of a flow are served with. */
export interface Services {
  readonly clock: Clock;
  readonly policy: RunPolicy;
  readonly wants: Wants;
  readonly random: Random;
  readonly resources: OwnedResources;
  readonly stops: FlowStops;
  emit(event: RunEvent): void;
  hostsIn(directory: string, random: Random): (stream: string) => Host;
  /** Makes what expressions are served with in one evaluation stream: its random values depend on the stream only. */
  createHost(stream: string): Host;
  /** Keeps the error for whoever must hear of a bug. */
  reportBug(error: unknown): void;
}
