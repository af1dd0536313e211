import { createSecrets } from '../../engine/events/secrets.ts';
import { keepServices } from '../../engine/flows/open-run.ts';
import { createClock } from '../../engine/lifetimes/clock.ts';
import type { OuterStops } from '../../engine/lifetimes/flow-stops.ts';
import { createHostMaker } from '../../engine/lifetimes/host-maker.ts';
import { createResources } from '../../engine/lifetimes/resources.ts';
import type { SessionServices } from '../../engine/lifetimes/services.ts';
import type { RunEvent } from '../../model/events.ts';
import { readTextBeside } from '../../util/read-text.ts';
import type { Terminal } from '../process/terminal.ts';

export interface OwnSessionOptions {
  readonly terminal: Terminal;
  readonly version: string;
  /** What the name of the run begins with. */
  readonly name: string;
  readonly stops: OuterStops;
  readonly warn: (text: string) => void;
}

/** Makes what settings are rendered with, and what goes on is served with, where no flows run. */
export function createOwnSession({ terminal, version, name, stops, warn }: OwnSessionOptions): SessionServices {
  const clock = createClock();
  const secrets = createSecrets();
  const seed = Math.floor(Math.random() * 0x1_0000_0000);
  const services = (directory: string) => ({
    readEnv: (variable: string) => terminal.env[variable],
    readFile: (path: string) => readTextBeside(directory, path),
  });
  const servicesFor = keepServices({ services, clock }, secrets);
  return {
    identity: { runId: `${name}-${clock.now()}`, version, seed, isSeedFixed: false },
    ...{ policy: {}, wants: {}, clock, stops, secrets },
    resources: createResources({ clock, lifetime: 'session' }),
    emit: (event: RunEvent) => event.type === 'run_noted' && warn(event.text),
    hostsIn: (directory, random) => createHostMaker(servicesFor(directory), random),
    reportBug: () => undefined,
  };
}
