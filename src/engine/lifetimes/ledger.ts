import type { Value } from '../../expr/index.ts';
import type { Skip, SkipKind } from '../../model/events.ts';
import type { StepPlan } from '../../model/plan.ts';
import type { KnownSecrets } from '../events/secrets.ts';
import type { Locals } from '../names/locals.ts';
import type { RecordedSteps } from '../recorded/recorded-steps.ts';

/** Steps that undo what a step did. */
export interface PendingCleanup {
  readonly step: StepPlan;
  /** Of the run of the step that is to be undone. */
  readonly address: string;
  readonly locals: Locals | undefined;
}

export interface LedgerOptions {
  readonly secrets: KnownSecrets;
  readonly secretNames: readonly string[];
  /** Whether teardown will run, so that it is kept what there is to undo. */
  readonly keepsCleanups: boolean;
  /** Whether it is asked later which steps ran. */
  readonly keepsRuns: boolean;
  /** What takes the place of all that steps would do. */
  readonly recorded?: RecordedSteps | undefined;
}

const NO_NAMES: ReadonlySet<string> = new Set();

/** What a flow's execution leaves behind as it goes on: which steps ran, what is to be undone, which names are secret. */
export class Ledger {
  #leftovers: Map<string, Value> | undefined;
  /** Addresses of the steps that were reported; undefined where nobody asks. */
  readonly ran: Set<string> | undefined;
  /** Whether a step of `steps`, or one inside of it, did something. */
  hasActed = false;
  #leftOut: Set<SkipKind> | undefined;
  readonly #options: LedgerOptions;
  /** Made for the first one: most flows have none. */
  #secretNames: Set<string> | undefined;
  #brokenIds: Set<string> | undefined;
  #cleanups: PendingCleanup[] = [];

  constructor(options: LedgerOptions, ran?: Set<string>) {
    this.#options = options;
    const names = options.secretNames;
    if (names.length > 0) this.#secretNames = new Set(names);
    this.ran = ran ?? (options.keepsRuns ? new Set() : undefined);
  }

  /** What was captured by lists of steps that then failed: for teardown alone. */
  get leftovers(): Map<string, Value> {
    this.#leftovers ??= new Map();
    return this.#leftovers;
  }

  /** Why steps were left out. */
  get leftOut(): Set<SkipKind> {
    this.#leftOut ??= new Set();
    return this.#leftOut;
  }

  /** The ledger of a flow that this one calls: what there is to undo is its own. */
  openBelow(secretNames: Iterable<string>): Ledger {
    const names = [...this.secretNames, ...secretNames];
    return new Ledger({ ...this.#options, secretNames: names, recorded: this.recorded?.openBelow() }, this.ran);
  }

  get recorded(): RecordedSteps | undefined {
    return this.#options.recorded;
  }

  /** Where values are made known that nobody is to see. */
  get secrets(): KnownSecrets {
    return this.#options.secrets;
  }

  get secretNames(): ReadonlySet<string> {
    return this.#secretNames ?? NO_NAMES;
  }

  /** From now on what is captured under the name is masked, and this value of it at once. */
  keepSecret(name: string, value: Value): void {
    this.#secretNames ??= new Set();
    this.#secretNames.add(name);
    this.secrets.add(value);
  }

  /** Keeps what undoes a step, for teardown. */
  addCleanup(cleanup: PendingCleanup): void {
    if (this.#options.keepsCleanups) this.#cleanups.push(cleanup);
  }

  /** Gives what is to be undone, in the order in which it was done, and forgets it. */
  takeCleanups(): readonly PendingCleanup[] {
    const cleanups = this.#cleanups;
    this.#cleanups = [];
    return cleanups;
  }

  /** A step of `steps`, or one inside of it, that is over: a control alone does nothing, and one without items has done all that there is. */
  noteStep({ children, calls }: StepPlan, skip: Skip | undefined): void {
    if (skip === undefined) this.hasActed ||= children.length === 0 || calls !== undefined;
    else if (skip.kind === 'not_reached') this.hasActed = true;
    else this.leftOut.add(skip.kind);
  }

  /** A step that did not pass: its result may lack what it has when all is well. */
  markBroken(id: string): void {
    this.#brokenIds ??= new Set();
    this.#brokenIds.add(id);
  }

  isBroken(id: string): boolean {
    return this.#brokenIds?.has(id) ?? false;
  }
}
