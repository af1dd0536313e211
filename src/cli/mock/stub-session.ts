import { resolve } from 'node:path';
import type { StartSettings } from '../../actions/stub/stub-settings.ts';
import { createSecrets, type Secrets } from '../../engine/events/secrets.ts';
import { keepServices } from '../../engine/flows/open-run.ts';
import { openSettings } from '../../engine/flows/open-settings.ts';
import { createClock } from '../../engine/lifetimes/clock.ts';
import { closeResources } from '../../engine/lifetimes/close-resources.ts';
import type { OuterStops } from '../../engine/lifetimes/flow-stops.ts';
import { createResources } from '../../engine/lifetimes/resources.ts';
import type { SessionServices } from '../../engine/lifetimes/services.ts';
import type { LastingIo } from '../../model/companions/run-services.ts';
import type { RunEvent } from '../../model/events.ts';
import { readText } from '../../util/read-text.ts';
import type { Terminal } from '../process/terminal.ts';
import type { LoadedStub } from './load-stub.ts';

/** A stub's settings as rendered, with what answers are made of. */
export interface RenderedStub {
  readonly config: StartSettings;
  readonly io: LastingIo;
}

/** What stubs that come one after another in the place of each other share: connections, secrets, randomness. */
export class StubSession {
  readonly secrets: Secrets = createSecrets();
  readonly clock = createClock();
  readonly #services: SessionServices;
  #count = 0;

  constructor(stops: OuterStops, about: { terminal: Terminal; version: string; warn: (text: string) => void }) {
    const { terminal, version, warn } = about;
    const { clock, secrets } = this;
    const seed = Math.floor(Math.random() * 0x1_0000_0000);
    const services = (directory: string) => ({
      readEnv: (name: string) => terminal.env[name],
      readFile: (path: string) => readText(resolve(directory, path)),
    });
    this.#services = {
      identity: { runId: `mock-${clock.now()}`, version, seed, isSeedFixed: false },
      ...{ policy: {}, wants: {}, clock, stops, secrets },
      resources: createResources({ clock, lifetime: 'session' }),
      emit: (event: RunEvent) => event.type === 'run_noted' && warn(event.text),
      servicesFor: keepServices({ services, clock }, secrets),
      reportBug: () => undefined,
    };
  }

  /** Makes the names of a stub's file and renders its settings with them. @throws why they cannot be rendered */
  render(loaded: LoadedStub): RenderedStub {
    const place = { index: this.#count, stream: `stub[${++this.#count}]` };
    const { config, io } = openSettings(this.#services, loaded, place);
    return { config: config as StartSettings, io };
  }

  /** Closes what answers opened: connections to brokers. */
  close(): Promise<void> {
    return closeResources(this.#services, this.#services.resources, 'the stub');
  }
}
