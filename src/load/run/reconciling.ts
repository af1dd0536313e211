import { dirname } from 'node:path';
import type { FlowRest } from '../../engine/lifetimes/flow-part.ts';
import { createResources, type OwnedResources } from '../../engine/lifetimes/resources.ts';
import type { RunOptions } from '../../engine/lifetimes/run-options.ts';
import type { Outcome } from '../../model/events.ts';
import type { StepMeasures } from '../../model/load/measures.ts';
import type { OpenKeySource, ReconcilePlan } from '../../model/load/reconcile.ts';
import type { Stop } from '../../stop/stop.ts';
import type { ReconcileSummary } from '../metrics/load-summary.ts';
import { METRICS, type Meter } from '../metrics/meter.ts';
import { Reconciler } from '../reconcile/reconciler.ts';
import type { SharedKeys } from '../reconcile/shared-keys.ts';

const CLOSE_MS = 5000;
/** Nobody answered the gateway that says so. */
const UNANSWERED = new Set([0, 502, 504]);

/** An execution of the step whose things are accepted. */
export interface AcceptingStep {
  readonly outcome: Outcome;
  readonly measures: StepMeasures | undefined;
  isExpected(status: number): boolean;
}

/** Where it is kept what was accepted, and of how many attempts nobody knows. */
export interface AcceptSink {
  /** Undefined where the answer had no key. */
  accept(key: string | undefined): void;
  doubt(count: number): void;
}

/** Keeps what came of an execution of the step whose things are accepted. */
export function takeAccepted({ outcome, measures, isExpected }: AcceptingStep, sink: AcceptSink): void {
  const requests = measures?.requests ?? [];
  const last = requests.at(-1);
  const unanswered = requests.filter(({ status }) => UNANSWERED.has(status)).length;
  if (unanswered > 0) sink.doubt(unanswered);
  if (!last && outcome === 'errored') sink.doubt(1);
  const isAccepted = outcome === 'passed' || (last ? isExpected(last.status) : outcome === 'failed');
  if (!isAccepted) return;
  // Of an answer that is wrong otherwise nobody expects that a key is in it.
  if (measures?.key === undefined && outcome !== 'passed') sink.doubt(1);
  else sink.accept(measures?.key);
}

/** What a load had accepted, from the first iteration to what became of it. */
export class Reconciling implements AcceptSink {
  readonly #directory: string;
  readonly #engine: Omit<RunOptions, 'consumers'>;
  readonly #resources: OwnedResources;
  readonly #reconciler: Reconciler;
  /** Once the load is over and nothing interrupted it. */
  summary: ReconcileSummary | undefined;

  constructor(plan: ReconcilePlan, open: OpenKeySource, engine: Omit<RunOptions, 'consumers'>) {
    const { clock } = engine;
    this.#engine = engine;
    this.#resources = createResources({ clock, lifetime: 'run' });
    this.#directory = dirname(plan.flow.file.absolutePath);
    const world = { clock, resources: this.#resources, directory: this.#directory };
    this.#reconciler = new Reconciler({ plan, open, world });
  }

  accept(key: string | undefined): void {
    this.#reconciler.accept(key);
  }

  doubt(count: number): void {
    this.#reconciler.doubt(count);
  }

  /** Gives what keeps it from looking. */
  async begin(rest: FlowRest | undefined, stop: Stop): Promise<string | undefined> {
    const { services, clock } = this.#engine;
    const host = {
      ...services(this.#directory),
      now: () => clock.now(),
      cpuMs: () => clock.cpuMs(),
    };
    return this.#reconciler.begin(rest?.context ?? { get: () => undefined, keys: () => [] }, host, stop);
  }

  async finish(meter: Meter, { stop, now }: { stop: Stop; now: () => number }): Promise<void> {
    if (stop.asked) return;
    const summary = await this.#reconciler.finish(stop);
    if (stop.asked) return;
    this.summary = summary;
    for (const { kind: place, lost, duplicated, unexpected } of summary.places) {
      const tags = meter.tagSets.get({ place });
      const add = (metric: (typeof METRICS)['reconcile_lost'], value: number): void =>
        meter.add(metric, tags, { value, atMs: now() });
      add(METRICS.reconcile_lost, lost);
      add(METRICS.reconcile_duplicated, duplicated);
      add(METRICS.reconcile_unexpected, unexpected);
    }
  }

  shareKeys(): SharedKeys | undefined {
    return this.#reconciler.shareKeys();
  }

  async close(): Promise<void> {
    await this.#resources.closeAll(CLOSE_MS);
  }
}
