import type { OtherFlows } from '../../model/action/other-flows.ts';

/** So many traces are known, the last ones. */
const MOST_TRACES = 10_000;

/** Of what runs outside of all flows. */
export const NO_OTHERS: OtherFlows = { haveTrace: () => false, ranMeanwhile: false };

/** The flows of a run that began, and which of them run. */
export class FlowRegister {
  readonly #traceIds = new Set<string>();
  readonly #running = new Set<FlowEntry>();

  /** Makes the entry of a flow, which begins and ends by it. */
  enter(): FlowEntry {
    return new FlowEntry(this.#traceIds, this.#running);
  }
}

/** A flow among the others of its run. */
export class FlowEntry implements OtherFlows {
  readonly #traceIds: Set<string>;
  readonly #running: Set<FlowEntry>;
  #traceId: string | undefined;
  ranMeanwhile = false;

  constructor(traceIds: Set<string>, running: Set<FlowEntry>) {
    this.#traceIds = traceIds;
    this.#running = running;
  }

  begin(traceId: string): void {
    this.#traceId = traceId;
    this.ranMeanwhile = this.#running.size > 0;
    for (const other of this.#running) other.ranMeanwhile = true;
    this.#running.add(this);
    this.#traceIds.add(traceId);
    if (this.#traceIds.size <= MOST_TRACES) return;
    for (const oldest of this.#traceIds) {
      this.#traceIds.delete(oldest);
      return;
    }
  }

  end(): void {
    this.#running.delete(this);
  }

  haveTrace(traceId: string): boolean {
    return traceId !== this.#traceId && this.#traceIds.has(traceId);
  }
}
