import type { Env, Host } from '../../expr/index.ts';
import { DiagnosticError } from '../../model/diagnostic.ts';
import { toKeyText } from '../../model/load/key-text.ts';
import type { KeySource, KeySourceWorld, OpenKeySource, ReconcilePlan } from '../../model/load/reconcile.ts';
import type { Stop } from '../../stop/stop.ts';
import type { ReconcileSummary } from '../metrics/load-summary.ts';
import type { SharedKeys } from './shared-keys.ts';
import { Tally } from './tally.ts';

/** So long everything that was accepted has to stay as it is: what is done twice may come late. */
const QUIET_MS = 2000;
const LOOK_EVERY_MS = 500;

export interface ReconcilerOptions {
  readonly plan: ReconcilePlan;
  readonly open: OpenKeySource;
  readonly world: Omit<KeySourceWorld, 'stop'>;
}

/** Holds what a load had accepted against what became of it. */
export class Reconciler {
  readonly #options: ReconcilerOptions;
  readonly #tally: Tally;
  readonly #sources: KeySource[] = [];
  readonly #notes = new Set<string>();
  readonly #keyless: number[];
  /** Attempts of which nobody knows whether they were accepted. */
  #uncertain = 0;
  #withoutKey = 0;

  constructor(options: ReconcilerOptions) {
    this.#options = options;
    this.#tally = new Tally(options.plan.places);
    this.#keyless = options.plan.places.map(() => 0);
  }

  accept(key: string | undefined): void {
    if (key === undefined) this.#withoutKey += 1;
    else this.#tally.accept(key);
  }

  doubt(count: number): void {
    this.#uncertain += count;
  }

  /** What processes that run the other segments of the load need to know. */
  shareKeys(): SharedKeys | undefined {
    return this.#tally.shareKeys();
  }

  /** Opens the places and looks at what is there before the load; gives what keeps it from that. */
  async begin(env: Env, host: Host, stop: Stop): Promise<string | undefined> {
    const { plan, open, world } = this.#options;
    try {
      for (const [place, { kind, settings }] of plan.places.entries()) {
        const source = await open(kind, settings.render(env, host), { ...world, stop });
        this.#sources.push(source);
        if (source.isWhole) await this.#look(place, (key) => this.#tally.noteBefore(place, key), stop);
      }
      return undefined;
    } catch (error) {
      return `\`reconcile\` cannot look at what it is about: ${describe(error)}`;
    }
  }

  /** Looks until everything that was accepted is there and nothing more has come for a while, or the time is over. */
  async finish(stop: Stop): Promise<ReconcileSummary> {
    const { clock } = this.#options.world;
    const startedAt = clock.monotonic();
    const endsAt = startedAt + this.#options.plan.withinMs;
    let problem: string | undefined;
    let completeSince: number | undefined;
    for (;;) {
      const lookedAt = clock.monotonic();
      problem = await this.#lookAtAll(stop);
      const isComplete = problem === undefined && this.#tally.countLost() === 0;
      completeSince = isComplete ? (completeSince ?? lookedAt) : undefined;
      const isOver = lookedAt >= endsAt || (completeSince !== undefined && lookedAt - completeSince >= QUIET_MS);
      if (isOver || stop.asked) break;
      await clock.sleep(LOOK_EVERY_MS, stop.signal).catch(() => undefined);
    }
    return this.#summarize(clock.monotonic() - startedAt, problem);
  }

  /** A place that cannot be asked now may be later: gives why not. */
  async #lookAtAll(stop: Stop): Promise<string | undefined> {
    try {
      for (const place of this.#sources.keys()) await this.#lookAgain(place, stop);
      return undefined;
    } catch (error) {
      return `\`reconcile\` could not look at what became of it: ${describe(error)}`;
    }
  }

  async #lookAgain(place: number, stop: Stop): Promise<void> {
    if (this.#sources[place]?.isWhole) {
      this.#tally.restart(place);
      this.#keyless[place] = 0;
    }
    await this.#look(place, (key) => this.#tally.noteFound(place, key), stop);
  }

  async #look(place: number, onKey: (key: string) => void, stop: Stop): Promise<void> {
    const plan = this.#options.plan.places[place];
    const notes = await this.#sources[place]?.look((thing) => {
      const key = toKeyText(plan?.keyOf(thing));
      if (key === undefined) this.#keyless[place] = (this.#keyless[place] ?? 0) + 1;
      else onKey(key);
    }, stop);
    for (const note of notes ?? []) this.#notes.add(note);
  }

  #summarize(tookMs: number, problem: string | undefined): ReconcileSummary {
    const { plan } = this.#options;
    const tally = this.#tally;
    const places = plan.places.map(({ kind, least, most }, place) => ({
      kind,
      name: this.#sources[place]?.name ?? kind,
      wanted: most === least ? `exactly ${least}` : `at least ${least}`,
      ...tally.count(place),
    }));
    for (const [place, { key }] of plan.places.entries()) {
      const count = this.#keyless[place] ?? 0;
      if (count > 0) this.#notes.add(`${count} of ${places[place]?.name} have no \`${key}\``);
    }
    if (tally.unlisted > 0) this.#notes.add(`of the last ${tally.unlisted} keys those that are lost are not listed`);
    const about = { step: plan.step, accepted: tally.accepted, uncertain: this.#uncertain };
    return {
      ...about,
      withoutKey: this.#withoutKey,
      refused: tally.refused,
      places,
      tookMs,
      chanceOfMistake: tally.chanceOfMistake,
      ...(problem !== undefined && { problem }),
      notes: [...this.#notes],
    };
  }
}

function describe(error: unknown): string {
  if (error instanceof DiagnosticError) return error.diagnostic.message;
  return error instanceof Error ? error.message : String(error);
}
