import type { Host } from '../expr/index.ts';
import { ExprError } from '../expr/index.ts';

/** What functions of flows take from outside, besides the clock. */
export interface FlowHost extends Host {
  /** From 0 (inclusive) to 1 (exclusive), from the run's seed. */
  random(): number;
  /** A new version 4 UUID, from the run's seed. */
  uuid(): string;
  /** A variable of the process environment; undefined when it is not set. */
  readEnv(name: string): string | undefined;
  /** The text of a file, relative to the flow's directory. @throws when it cannot be read */
  readFile(path: string): string;
}

type Service = 'random' | 'uuid' | 'readEnv' | 'readFile';

/** The host with a service that a function needs; without it (in a bare evaluation) the function is not available. */
export function requireService(host: Host, service: Service, caller: string): FlowHost {
  if (typeof host[service] !== 'function')
    throw new ExprError('run', `\`${caller}\` is not available here: it needs a flow`);
  return host as FlowHost;
}
