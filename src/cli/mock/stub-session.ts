import { resolve } from 'node:path';
import type { StubIo } from '../../actions/stub/set-up-stub.ts';
import type { StartSettings } from '../../actions/stub/stub-settings.ts';
import { createSecrets, type Secrets } from '../../engine/events/secrets.ts';
import { keepServices } from '../../engine/flows/open-run.ts';
import { createClock } from '../../engine/lifetimes/clock.ts';
import { closeResources } from '../../engine/lifetimes/close-resources.ts';
import type { OuterStops } from '../../engine/lifetimes/flow-stops.ts';
import { openFlow } from '../../engine/lifetimes/open-flow.ts';
import { makeVariables } from '../../engine/lifetimes/opened-flow.ts';
import { createResources } from '../../engine/lifetimes/resources.ts';
import type { SessionServices } from '../../engine/lifetimes/services.ts';
import { surround } from '../../engine/names/surroundings.ts';
import { checkExpression } from '../../engine/outcome/check-expression.ts';
import { ActionError } from '../../model/action/outcome.ts';
import type { RunEvent } from '../../model/events.ts';
import { readText } from '../../util/read-text.ts';
import type { Terminal } from '../process/terminal.ts';
import type { LoadedStub } from './load-stub.ts';

/** A stub's settings as rendered, with what answers are made of. */
export interface RenderedStub {
  readonly config: StartSettings;
  readonly io: StubIo;
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
  render({ plan, inputs }: LoadedStub): RenderedStub {
    const [step] = plan.steps;
    if (!step) throw new Error(`${plan.file.path} has no settings`);
    const place = { index: this.#count, stream: `stub[${++this.#count}]` };
    const chosen = { setup: [], steps: plan.steps, teardown: [] };
    const opened = openFlow(this.#services, { plan, inputs }, { chosen, place, part: {} });
    const problem = makeVariables(opened);
    if (problem) throw new ActionError(problem);
    const { services, context, facts } = opened;
    const moment = { context, id: step.id, attempt: 1, stream: step.address };
    const { env, host } = surround(facts.run, services, moment);
    const { resources } = this.#services;
    const check: StubIo['expressions']['check'] = (expression, names) => checkExpression(expression, names, { host });
    return {
      config: step.config.render(env, host) as StartSettings,
      io: { clock: this.clock, facts: facts.run, resources, expressions: { env, host, check } },
    };
  }

  /** Closes what answers opened: connections to brokers. */
  close(): Promise<void> {
    return closeResources(this.#services, this.#services.resources, 'the stub');
  }
}
