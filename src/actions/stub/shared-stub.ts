import type { FlowAmongOthers, OtherFlows } from '../../model/action/other-flows.ts';
import type { Resource } from '../../model/action/resources.ts';
import type { OpenedSettings } from '../../model/companions/run-services.ts';
import type { Problem } from '../../model/events.ts';
import { describeView, judgeView } from './judge-view.ts';
import { readTraceIds } from './received.ts';
import { RequestLog } from './request-log.ts';
import { createAllRoutes, createUpkeep, setUpStub } from './set-up-stub.ts';
import { openContract, type StubContract } from './stub-contract.ts';
import type { StartSettings } from './stub-settings.ts';
import { StubTimers } from './stub-timers.ts';
import { StubView } from './stub-view.ts';
import type { TakeArrival } from './wire/stub-front.ts';

/** The key under which a flow sees a stub of the run, by its name in testmesh.yaml. */
export function keyOfSharedStub(name: string): string {
  return `stub of the run:${name}`;
}

/** A flow that runs, and what it sees of the stub. */
interface Viewer {
  readonly view: StubView;
  readonly others: OtherFlows;
}

/**
 * A stub of the whole run. Each flow sees it as if it had just been started: routes, their turns and states, and what it was asked are
 * those of the flow, and what the flow changes there ends with it.
 */
export class SharedStub {
  readonly #name: string;
  readonly #config: StartSettings;
  readonly #io: OpenedSettings['io'];
  readonly #contract: StubContract | undefined;
  /** The flows that run, by their trace id. */
  readonly #viewers = new Map<string, Viewer>();
  /** What is of no flow that runs, and what may be of any of them. */
  readonly #rest: StubView;
  readonly #everything = new RequestLog();
  /** Answers that are still to come. */
  readonly #answers: StubTimers;

  constructor(name: string, { config, io }: OpenedSettings) {
    this.#name = `stub ${name}`;
    // Checked by the schema of the action.
    this.#config = config as StartSettings;
    this.#io = io;
    this.#contract = openContract(this.#config, io);
    this.#answers = new StubTimers(io.clock);
    this.#rest = this.#createView();
  }

  /** What is not checked of its contract. */
  get warnings(): readonly string[] {
    return this.#contract?.contract.warnings ?? [];
  }

  /** Has a request answered by what the flow that caused it sees. */
  readonly take: TakeArrival = (arrival, reply) => {
    const traceIds = readTraceIds(arrival.rawHeaders);
    const viewer = this.#findViewer(traceIds);
    if (viewer) {
      viewer.view.take(arrival, reply);
      return;
    }
    const kept = this.#rest.take(arrival, reply);
    for (const { view, others } of this.#viewers.values())
      if (!traceIds.some((id) => others.haveTrace(id))) view.strays.add(kept);
  };

  /** What a flow sees from now on. */
  openFlow({ traceId, others }: FlowAmongOthers): readonly [string, Resource<StubView>] {
    const view = this.#createView();
    this.#viewers.set(traceId, { view, others });
    const resource: Resource<StubView> = {
      value: view,
      name: this.#name,
      finish: () => judgeView(view, this.#config, { name: this.#name, step: this.#io.step }),
      listDetails: () => describeView(view, this.#config, this.#name),
      close: async () => {
        this.#viewers.delete(traceId);
        view.timers.cancel();
      },
    };
    return [keyOfSharedStub(this.#name.slice('stub '.length)), resource];
  }

  /** What was wrong while no flow ran. */
  async finish(): Promise<readonly Problem[]> {
    await this.#rest.followUps.settle();
    return this.#rest.errors.list();
  }

  close(): void {
    this.#answers.cancel();
    this.#rest.timers.cancel();
    for (const { view } of this.#viewers.values()) view.timers.cancel();
  }

  /** The flow that caused a request: by its trace, and without one the only flow there is, if no other was there since it began. */
  #findViewer(traceIds: readonly string[]): Viewer | undefined {
    for (const id of traceIds) {
      const viewer = this.#viewers.get(id);
      if (viewer) return viewer;
    }
    const [only, second] = this.#viewers.values();
    if (!only || second || only.others.ranMeanwhile) return undefined;
    // One that is late is of a flow that is over.
    return traceIds.some((id) => only.others.haveTrace(id)) ? undefined : only;
  }

  #createView(): StubView {
    const upkeep = createUpkeep(this.#io.clock, { contract: this.#contract });
    const duties = setUpStub(this.#config, this.#io, upkeep);
    // An answer that a flow is not there for any more still reaches whoever waits for it.
    const clock = {
      now: () => this.#io.clock.now(),
      after: (ms: number, call: () => void) => this.#answers.after(ms, call),
    };
    return new StubView(createAllRoutes(this.#config, this.#io, upkeep), { ...duties, clock }, this.#everything);
  }
}
