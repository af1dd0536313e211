import type { FlowAmongOthers } from '../../model/action/other-flows.ts';
import type { Resource } from '../../model/action/resources.ts';
import type { Problem } from '../../model/events.ts';
import type { Companion, CompanionOrigin, CompanionState, EndOptions } from '../../services/companion.ts';
import type { PrintedLines } from '../../services/output.ts';
import type { Stop } from '../../stop/stop.ts';

/** A companion as one run has it: it goes on when the run is over. */
export class KeptCompanion implements Companion {
  readonly #companion: Companion;
  readonly #isOld: boolean;
  readonly #told: Set<string>;

  /** `isOld`: an earlier run started it; `told`: what was said of such ones before. */
  constructor(companion: Companion, { isOld, told }: { isOld: boolean; told: Set<string> }) {
    this.#companion = companion;
    this.#isOld = isOld;
    this.#told = told;
  }

  get plan(): Companion['plan'] {
    return this.#companion.plan;
  }

  get values(): Companion['values'] {
    return this.#companion.values;
  }

  get origin(): CompanionOrigin {
    return this.#isOld ? 'attached' : this.#companion.origin;
  }

  get state(): CompanionState {
    return this.#companion.state;
  }

  async start(stop: Stop): Promise<void> {
    if (this.state === 'stopped') await this.#companion.start(stop);
  }

  stop(options?: EndOptions): Promise<readonly string[]> {
    return this.#companion.stop(options);
  }

  async close(): Promise<readonly string[]> {
    return [];
  }

  openFlow(flow: FlowAmongOthers): readonly [string, Resource<unknown>] | undefined {
    return this.#companion.openFlow?.(flow);
  }

  async listPrinted(since: number, flow: FlowAmongOthers): Promise<PrintedLines> {
    return (await this.#companion.listPrinted?.(since, flow)) ?? { lines: [], omitted: 0 };
  }

  /** Gives what no earlier run was told. */
  async finish(): Promise<readonly Problem[]> {
    const problems = await this.#companion.finish();
    return problems.filter(({ message }) => !this.#told.has(message) && this.#told.add(message));
  }
}
