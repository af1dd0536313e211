import type { StartSettings } from '../../actions/stub/stub-settings.ts';
import type { Secrets } from '../../engine/events/secrets.ts';
import { openSettings } from '../../engine/flows/open-settings.ts';
import { closeResources } from '../../engine/lifetimes/close-resources.ts';
import type { OuterStops } from '../../engine/lifetimes/flow-stops.ts';
import type { SessionServices } from '../../engine/lifetimes/services.ts';
import type { Clock } from '../../model/action/resources.ts';
import type { LastingIo } from '../../model/companions/run-services.ts';
import { createOwnSession } from '../companions/own-session.ts';
import type { Terminal } from '../process/terminal.ts';
import type { LoadedStub } from './load-stub.ts';

/** A stub's settings as rendered, with what answers are made of. */
export interface RenderedStub {
  readonly config: StartSettings;
  readonly io: LastingIo;
}

/** What stubs that come one after another in the place of each other share: connections, secrets, randomness. */
export class StubSession {
  readonly #services: SessionServices;
  #count = 0;

  constructor(stops: OuterStops, about: { terminal: Terminal; version: string; warn: (text: string) => void }) {
    this.#services = createOwnSession({ ...about, name: 'mock', stops });
  }

  get secrets(): Secrets {
    return this.#services.secrets;
  }

  get clock(): Clock {
    return this.#services.clock;
  }

  /** Makes the names of a stub's file and renders its settings with them. @throws why they cannot be rendered */
  render(loaded: LoadedStub): RenderedStub {
    const place = { index: this.#count, stream: `stub[${++this.#count}]` };
    const { config, io } = openSettings(this.#services, loaded, place);
    // Checked by the schema of the action.
    return { config: config as StartSettings, io };
  }

  /** Closes what answers opened: connections to brokers. */
  close(): Promise<void> {
    return closeResources(this.#services, this.#services.resources, 'the stub');
  }
}
