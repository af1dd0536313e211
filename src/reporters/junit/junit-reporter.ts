import type { Consumer } from '../../model/consumer.ts';
import type { FlowFinished, FlowStarted, RunEvent, RunFinished, RunStarted } from '../../model/events.ts';
import { keyOfAttempts } from '../../model/flow-about.ts';
import { isVerbose, type ReporterOptions } from '../output/options.ts';
import type { SuiteCounts } from './suite.ts';
import { JunitSuite } from './suite.ts';
import type { EarlierFailure } from './test-case.ts';
import { openTag, toSeconds } from './xml.ts';

/** Room for the numbers of the root, which are known when everything else is written. */
const ROOT_BYTES = 200;
const HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n';
const NO_COUNTS: SuiteCounts = { tests: 0, failures: 0, errors: 0, skipped: 0 };

/**
 * Makes the JUnit reporter: a `testsuite` per flow, written when the flow has finished, a `testcase` per step.
 * The totals of the root are put in afterwards where the target can do that (`rewriteStart`); elsewhere the root has none.
 */
export function createJunitReporter(options: ReporterOptions): Consumer {
  const report = new JunitReport(options);
  return {
    name: 'junit',
    wants: { exchanges: isVerbose(options) ? 'all' : 'failed' },
    on: (event) => report.on(event),
    async close() {
      report.end();
      await options.finish?.();
    },
  };
}

class JunitReport {
  readonly #options: ReporterOptions;
  readonly #suites = new Map<number, JunitSuite>();
  /** What was wrong in attempts that others follow. */
  readonly #earlier = new Map<string, readonly EarlierFailure[]>();
  #run: RunStarted | undefined;
  #finished: RunFinished | undefined;
  #totals = NO_COUNTS;
  #isOpen = false;

  constructor(options: ReporterOptions) {
    this.#options = options;
  }

  on(event: RunEvent): void {
    if (event.type === 'run_started') this.#run = event;
    else if (event.type === 'run_finished') this.#finished = event;
    else if (event.type === 'flow_started') this.#startSuite(event);
    else if ('flow' in event) this.#suites.get(event.flow)?.on(event);
    if (event.type === 'flow_finished') this.#finishSuite(event);
  }

  #startSuite(event: FlowStarted): void {
    const earlier = this.#earlier.get(keyOfAttempts(event.about)) ?? [];
    this.#suites.set(event.flow, new JunitSuite(event, this.#run, earlier));
  }

  /** A flow has one suite, that of its last attempt, which says what was wrong before. */
  #finishSuite({ flow, about, retry }: FlowFinished): void {
    const suite = this.#suites.get(flow);
    if (retry !== 'follows' || !suite) {
      this.#earlier.delete(keyOfAttempts(about));
      this.#writeSuite(flow);
      return;
    }
    this.#earlier.set(keyOfAttempts(about), suite.listEarlier());
    this.#suites.delete(flow);
  }

  /** Closes the document; flows that never finished are in it as far as they came. */
  end(): void {
    for (const flow of [...this.#suites.keys()]) this.#writeSuite(flow);
    this.#open();
    this.#options.write('</testsuites>\n');
    this.#options.rewriteStart?.(
      this.#renderRoot({ ...this.#totals, time: toSeconds(this.#finished?.durationMs ?? 0) }),
    );
  }

  #writeSuite(flow: number): void {
    const suite = this.#suites.get(flow);
    if (!suite) return;
    this.#suites.delete(flow);
    const { counts } = suite;
    this.#totals = {
      tests: this.#totals.tests + counts.tests,
      failures: this.#totals.failures + counts.failures,
      errors: this.#totals.errors + counts.errors,
      skipped: this.#totals.skipped + counts.skipped,
    };
    this.#open();
    this.#options.write(suite.render());
  }

  #open(): void {
    if (!this.#isOpen) this.#options.write(this.#renderRoot({}));
    this.#isOpen = true;
  }

  #renderRoot(totals: Partial<SuiteCounts> & { readonly time?: string }): string {
    const tag = openTag('testsuites', { name: 'testmesh', ...totals });
    return `${HEAD}${tag.slice(0, -1).padEnd(ROOT_BYTES)}>\n`;
  }
}
