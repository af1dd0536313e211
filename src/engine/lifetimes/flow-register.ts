import type { OtherFlows } from '../../model/action/other-flows.ts';

/** So many traces are known, the last ones. */
const MOST_TRACES = 10_000;

/** Of what runs outside of all flows. */
export const NO_OTHERS: OtherFlows = { haveTrace: () => false, ranMeanwhile: false };

/** The flows of a run that began, and which of them run. */
export class FlowRegister {
  /** Made once it is asked for: what waits on Kafka asks, and many loads do not. */
  #traceIds: Set<string> | undefined;
  /** The same in a ring, the oldest at `#oldest`: a set that is begun anew from its first entry steps over all that were taken from it. */
  readonly #ring: string[] = [];
  #oldest = 0;
  #runningCount = 0;
  #begunCount = 0;

  /** Makes the entry of a flow, which begins and ends by it. */
  enter(): FlowEntry {
    return new FlowEntry(this);
  }

  /** How many have begun. */
  get begunCount(): number {
    return this.#begunCount;
  }

  /** Notes that a flow begins; gives how many run besides. */
  noteBegin(traceId: string): number {
    const others = this.#runningCount;
    this.#begunCount += 1;
    this.#runningCount += 1;
    this.#know(traceId);
    return others;
  }

  noteEnd(): void {
    this.#runningCount -= 1;
  }

  hasTrace(traceId: string): boolean {
    this.#traceIds ??= new Set(this.#ring);
    return this.#traceIds.has(traceId);
  }

  #know(traceId: string): void {
    if (this.#ring.length < MOST_TRACES) this.#ring.push(traceId);
    else {
      this.#traceIds?.delete(this.#ring[this.#oldest] as string);
      this.#ring[this.#oldest] = traceId;
      this.#oldest = (this.#oldest + 1) % MOST_TRACES;
    }
    this.#traceIds?.add(traceId);
  }
}

/** A flow among the others of its run. */
export class FlowEntry implements OtherFlows {
  readonly #register: FlowRegister;
  #traceId: string | undefined;
  #hadOthers = false;
  /** How many had begun with it, and when it ended. */
  #begunWith = 0;
  #begunUntil: number | undefined;

  constructor(register: FlowRegister) {
    this.#register = register;
  }

  /** Counted and not told to each other one: under a load hundreds run. */
  get ranMeanwhile(): boolean {
    if (this.#traceId === undefined) return false;
    return this.#hadOthers || (this.#begunUntil ?? this.#register.begunCount) > this.#begunWith;
  }

  begin(traceId: string): void {
    this.#traceId = traceId;
    this.#hadOthers = this.#register.noteBegin(traceId) > 0;
    this.#begunWith = this.#register.begunCount;
  }

  end(): void {
    if (this.#traceId === undefined || this.#begunUntil !== undefined) return;
    this.#begunUntil = this.#register.begunCount;
    this.#register.noteEnd();
  }

  haveTrace(traceId: string): boolean {
    return traceId !== this.#traceId && this.#register.hasTrace(traceId);
  }
}
