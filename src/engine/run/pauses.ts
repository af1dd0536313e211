import type { Outcome } from '../../model/events.ts';
import type { StepPlan } from '../../model/plan.ts';
import type { FlowFacts } from '../lifetimes/flow-facts.ts';
import type { Ledger } from '../lifetimes/ledger.ts';
import type { Pause } from '../lifetimes/pause.ts';
import type { Services } from '../lifetimes/services.ts';
import type { Context } from '../names/context.ts';
import { surround } from '../names/surroundings.ts';

/** Where a list of steps stands. */
export interface ListMoment {
  readonly steps: readonly StepPlan[];
  /** The position of the step that comes next. */
  readonly next: number;
  readonly context: Context;
  /** How the one before it ended, where it ran. */
  readonly last?: Outcome | undefined;
}

/** What became of a moment at which a run stood. */
export interface PauseEnd {
  readonly context: Context;
  /** The steps as they are written by now, where the last one is to run again. */
  readonly again?: readonly StepPlan[] | undefined;
}

/** Holds the lists of a flow's steps before each step, for somebody who goes through them. */
export class Pauses {
  readonly #pause: Pause;
  readonly #facts: FlowFacts;
  readonly #ledger: Ledger;
  readonly #services: Services;
  #count = 0;

  constructor(pause: Pause, facts: FlowFacts, { ledger, services }: { ledger: Ledger; services: Services }) {
    this.#pause = pause;
    this.#facts = facts;
    this.#ledger = ledger;
    this.#services = services;
  }

  async hold({ steps, next, context: first, last }: ListMoment): Promise<PauseEnd> {
    const { secrets, secretNames } = this.#ledger;
    let context = first;
    for (;;) {
      const id = steps[next]?.id ?? '';
      const moment = { context, id, attempt: 1, stream: `debug/${this.#count++}` };
      const wish = await this.#pause({
        ...{ steps, next, last, flowId: this.#facts.plan.id, stop: this.#services.stops.work },
        ...surround(this.#facts.run, this.#services, moment),
        maskText: (text) => secrets.maskText(text),
        isSecretName: (name) => secretNames.has(name),
      });
      if (wish.kind === 'again' && last !== undefined) return { context, again: steps.map(wish.find) };
      if (wish.kind !== 'set') return { context };
      if (secretNames.has(wish.name)) secrets.add(wish.value);
      context = context.withCapture(wish.name, wish.value);
    }
  }
}
