import type { FlowRun } from '../../engine/lifetimes/run-options.ts';
import type { Consumer } from '../../model/consumer.ts';
import { isBad } from '../../model/events.ts';
import { keyOfFlow } from '../../records/failed-flows.ts';
import { keyOfRun } from '../suites/choose-shard.ts';

/** What became of the flows that ran since the session began. */
export class RunBook {
  readonly #failed = new Set<string>();
  /** Those of the run that was last. */
  #last: ReadonlySet<string> = new Set();
  readonly #ended = new Set<string>();

  /** A run of these begins. Gives what follows it until `isCut` says that its flows end before they are done. */
  begin(runs: readonly FlowRun[], isCut: () => boolean): Consumer {
    this.#last = new Set(runs.map(keyOfRun));
    this.#ended.clear();
    return {
      name: 'watch',
      on: (event) => {
        if (event.type !== 'flow_finished' || event.retry === 'follows' || isCut()) return;
        const { file, id, row } = event.about;
        const key = keyOfFlow({ file, id, row });
        this.#ended.add(key);
        if (isBad(event.outcome)) this.#failed.add(key);
        else this.#failed.delete(key);
      },
      close: async () => undefined,
    };
  }

  hasFailed(run: FlowRun): boolean {
    return this.#failed.has(keyOfRun(run));
  }

  /** Whether the last run was of it too. */
  wasLast(run: FlowRun): boolean {
    return this.#last.has(keyOfRun(run));
  }

  /** Whether it came to its end in the last run. */
  hasEnded(run: FlowRun): boolean {
    return this.#ended.has(keyOfRun(run));
  }
}
