import type { Resource } from '../../model/action/resources.ts';
import type { OpenedSettings } from '../../model/companions/run-services.ts';
import type { Problem } from '../../model/events.ts';
import { describeView, judgeView } from './judge-view.ts';
import { createRoutes, setUpStub } from './set-up-stub.ts';
import { StubErrors } from './stub-errors.ts';
import type { TakeArrival } from './stub-front.ts';
import type { StartSettings } from './stub-settings.ts';
import { StubTimers } from './stub-timers.ts';
import { StubView } from './stub-view.ts';

/** The key under which a flow sees a stub of the run, by its name in testmesh.yaml. */
export function keyOfSharedStub(name: string): string {
  return `stub of the run:${name}`;
}

/**
 * A stub of the whole run. Each flow sees it as if it had just been started: routes, their turns and states, and what it was asked are
 * those of the flow, and what the flow changes there ends with it.
 */
export class SharedStub {
  readonly #name: string;
  readonly #config: StartSettings;
  readonly #io: OpenedSettings['io'];
  /** Of the flows that run, by their trace id. */
  readonly #views = new Map<string, StubView>();
  /** What comes while no flow runs, and what may be of any of those that do. */
  readonly #rest: StubView;
  /** Answers that are still to come. */
  readonly #answers: StubTimers;

  constructor(name: string, { config, io }: OpenedSettings) {
    this.#name = `stub ${name}`;
    // Checked by the schema of the action.
    this.#config = config as StartSettings;
    this.#io = io;
    this.#answers = new StubTimers(io.clock);
    this.#rest = this.#createView();
  }

  /** Has a request answered by what the flow that caused it sees. */
  readonly take: TakeArrival = (arrival, reply) => this.#findView().take(arrival, reply);

  /** What a flow sees from now on. */
  openFlow(traceId: string): readonly [string, Resource<StubView>] {
    const view = this.#createView();
    this.#views.set(traceId, view);
    const resource: Resource<StubView> = {
      value: view,
      name: this.#name,
      finish: async () => judgeView(view, this.#config, this.#name),
      listDetails: () => describeView(view, this.#config, this.#name),
      close: async () => {
        this.#views.delete(traceId);
        view.timers.cancel();
      },
    };
    return [keyOfSharedStub(this.#name.slice('stub '.length)), resource];
  }

  /** What was wrong while no flow ran. */
  async finish(): Promise<readonly Problem[]> {
    return this.#rest.errors.list();
  }

  close(): void {
    this.#answers.cancel();
    for (const view of [this.#rest, ...this.#views.values()]) view.timers.cancel();
  }

  /** Of several flows that run none can be told to have caused it: then it counts for none, and each hears of it. */
  #findView(): StubView {
    const [only, second] = this.#views.values();
    if (only && !second) return only;
    for (const view of this.#views.values()) view.strays++;
    return this.#rest;
  }

  #createView(): StubView {
    const upkeep = { errors: new StubErrors(), timers: new StubTimers(this.#io.clock) };
    const duties = setUpStub(this.#config, this.#io, upkeep);
    // An answer that a flow is not there for any more still reaches whoever waits for it.
    const clock = {
      now: () => this.#io.clock.now(),
      after: (ms: number, call: () => void) => this.#answers.after(ms, call),
    };
    return new StubView(createRoutes(this.#config.routes ?? [], this.#io, upkeep), { ...duties, clock });
  }
}
