import type { Value } from '../expr/index.ts';
import type { FlowAmongOthers } from '../model/action/other-flows.ts';
import type { Resource } from '../model/action/resources.ts';
import { describeCompanion } from '../model/companions/companion.ts';
import type { StarterPlan } from '../model/companions/companion-plan.ts';
import type { Problem } from '../model/events.ts';
import { type Companion, type CompanionOrigin, type CompanionState, nameWithPlace } from './companion.ts';

/** A stub or a proxy that runs. */
export interface OpenStarter {
  readonly values: Readonly<Record<string, Value>>;
  /** What is worth to be known of it, a sentence each. */
  readonly notes?: readonly string[] | undefined;
  /** What a flow that begins sees of it, and the key for that. */
  openFlow(flow: FlowAmongOthers): readonly [string, Resource<unknown>];
  /** What was wrong outside of all flows. */
  finish(): Promise<readonly Problem[]>;
  close(): Promise<void>;
}

export interface StarterOptions {
  readonly open: () => Promise<OpenStarter>;
  readonly note: (text: string) => void;
  readonly origin?: CompanionOrigin | undefined;
}

/** A stub or a proxy of the run. */
export class Starter implements Companion {
  readonly plan: StarterPlan;
  readonly origin: CompanionOrigin;
  readonly #open: () => Promise<OpenStarter>;
  readonly #note: (text: string) => void;
  #running: OpenStarter | undefined;

  constructor(plan: StarterPlan, { open, note, origin = 'started' }: StarterOptions) {
    this.plan = plan;
    this.origin = origin;
    this.#open = open;
    this.#note = note;
  }

  get values(): Readonly<Record<string, Value>> {
    return this.#running?.values ?? {};
  }

  get state(): CompanionState {
    return this.#running ? 'running' : 'stopped';
  }

  async start(): Promise<void> {
    this.#running = await this.#open();
    for (const text of this.#running.notes ?? []) this.#note(`${describeCompanion(this.plan)}: ${text}`);
  }

  async stop(): Promise<readonly string[]> {
    const ended = this.#running;
    this.#running = undefined;
    await ended?.close();
    return [];
  }

  close(): Promise<readonly string[]> {
    return this.stop();
  }

  openFlow(flow: FlowAmongOthers): readonly [string, Resource<unknown>] | undefined {
    return this.#running?.openFlow(flow);
  }

  async finish(): Promise<readonly Problem[]> {
    const problems = (await this.#running?.finish()) ?? [];
    return problems.map((problem) => ({ ...problem, message: `${nameWithPlace(this.plan)}: ${problem.message}` }));
  }
}
