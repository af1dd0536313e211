import type { Env, Host } from '../../expr/index.ts';
import type { ActionIo, Expressions, StepReport } from '../../model/action/io.ts';
import type { Wants } from '../../model/consumer.ts';
import type { Exchange } from '../../model/exchange.ts';
import type { Measuring, RequestMeasure } from '../../model/load/measures.ts';
import type { KnownSecrets } from '../events/secrets.ts';
import type { FlowFacts } from '../lifetimes/flow-facts.ts';
import type { Services } from '../lifetimes/services.ts';
import type { Surroundings } from '../names/surroundings.ts';
import { checkClaim, checkExpression } from '../outcome/check-expression.ts';
import { type OnRemark, takeValue } from '../outcome/take-value.ts';
import { type PrepareIoOptions, StepPrepareIo } from '../prepare/prepare-io.ts';
import type { ChildIo } from './child-runner.ts';
import type { KeptMeasures, StepNotes } from './step-types.ts';

const MOST_REMARKS = 8;
/** So many are counted. */
const MOST_KEPT = 1_000;

/** Of an action that has said nothing yet. */
export function createNotes({ measures }: Pick<Wants, 'measures'>): StepNotes {
  return {
    notes: [],
    remarks: undefined,
    rejected: [],
    exchange: undefined,
    settings: undefined,
    measures: measures ? { requests: [], values: [], checks: [] } : undefined,
  };
}

export interface StepIoOptions extends PrepareIoOptions {
  readonly around: Surroundings;
  readonly kept: StepNotes;
  readonly children: ChildIo;
  /** Of the run: what nobody is to see. */
  readonly secrets: Pick<KnownSecrets, 'add' | 'maskText'>;
}

/** What an action may touch while it runs. */
export class StepIo extends StepPrepareIo implements ActionIo {
  readonly expressions: ActionIo['expressions'];
  override readonly report: ActionIo['report'];
  readonly mask: ActionIo['mask'];
  readonly #options: StepIoOptions;
  #children: ActionIo['children'] | undefined;

  constructor(facts: FlowFacts, services: Services, options: StepIoOptions) {
    const report = new AttemptReport(facts.index, services, options);
    super(facts, services, options, report);
    const { env, host } = options.around;
    this.#options = options;
    this.expressions = new ListeningExpressions(env, host, options.kept);
    this.report = report;
    this.mask = options.secrets.maskText;
  }

  get children(): ActionIo['children'] {
    this.#children ??= createChildren(this.#options);
    return this.#children;
  }
}

function createChildren({ step, kept, children }: StepIoOptions): ActionIo['children'] {
  return {
    list: step.children,
    isPart: step.isAround === true,
    isChosen: (iteration) => step.rounds?.has(iteration) ?? true,
    ...children,
    runStep(child, choices) {
      // What an earlier look saw is not what it came to.
      kept.remarks = undefined;
      return children.runStep(child, choices);
    },
  };
}

/** Keeps what is said of conditions. */
export function keepRemark(kept: StepNotes): OnRemark {
  return (text) => {
    kept.remarks ??= new Set();
    if (kept.remarks.size < MOST_KEPT) kept.remarks.add(text);
  };
}

/** The notes of a step that passed: what was noted, and what was said of its conditions, as far as anybody reads on. */
export function listNotes({ notes, remarks }: StepNotes): readonly string[] {
  if (!remarks) return notes;
  const [shown, more] = [[...remarks].slice(0, MOST_REMARKS), remarks.size - MOST_REMARKS];
  const counted = remarks.size >= MOST_KEPT ? `${more} or more` : `${more}`;
  return [...new Set([...notes, ...shown]), ...(more > 0 ? [`and ${counted} more of the kind`] : [])];
}

// Classes from here on: each attempt of each step makes one of each, and closures just for what is asked for, which may be handed on.

class ListeningExpressions implements Expressions {
  readonly env: Env;
  readonly host: Host;
  readonly #kept: StepNotes;

  constructor(env: Env, host: Host, kept: StepNotes) {
    this.env = env;
    this.host = host;
    this.#kept = kept;
  }

  get check(): Expressions['check'] {
    return (expression, names) => checkExpression(expression, names, this.#listen());
  }

  get claim(): Expressions['claim'] {
    return (expression, names) => checkClaim(expression, names, this.#listen());
  }

  get take(): Expressions['take'] {
    const { env, host } = this;
    return (expression) => takeValue(expression, () => expression.evaluate(env, host), { env, ...this.#listen() });
  }

  #listen(): { readonly host: Host; readonly onRemark: OnRemark } {
    return { host: this.host, onRemark: keepRemark(this.#kept) };
  }
}

class AttemptReport implements StepReport {
  readonly measure: Measuring | undefined;
  readonly #flow: number;
  readonly #services: Services;
  readonly #about: Pick<StepIoOptions, 'position' | 'kept' | 'secrets'>;

  constructor(flow: number, services: Services, about: Pick<StepIoOptions, 'position' | 'kept' | 'secrets'>) {
    this.#flow = flow;
    this.#services = services;
    this.#about = about;
    const { measures } = about.kept;
    this.measure = measures && new KeptMeasuring(measures);
  }

  exchange(build: () => Exchange): void {
    this.#about.kept.exchange = build;
  }

  get rejected(): StepReport['rejected'] {
    return (result) => void this.#about.kept.rejected.push(result);
  }

  get hide(): StepReport['hide'] {
    const { secrets } = this.#about;
    return (text) => secrets.add(text);
  }

  get note(): StepReport['note'] {
    const { kept } = this.#about;
    return (text) => void (kept.notes.includes(text) || kept.notes.push(text));
  }

  get progress(): StepReport['progress'] {
    const { clock, emit, wants } = this.#services;
    const { position: step } = this.#about;
    const flow = this.#flow;
    return (text) => wants.progress && emit({ type: 'step_progress', at: clock.now(), flow, step, text });
  }

  get log(): StepReport['log'] {
    const { clock, emit } = this.#services;
    const { position: step } = this.#about;
    const flow = this.#flow;
    return (level, message, data) => emit({ type: 'log_written', at: clock.now(), flow, step, level, message, data });
  }
}

class KeptMeasuring implements Measuring {
  readonly #kept: KeptMeasures;

  constructor(kept: KeptMeasures) {
    this.#kept = kept;
  }

  request(measure: RequestMeasure): void {
    this.#kept.requests.push(measure);
  }

  value(name: string, value: number): void {
    this.#kept.values.push({ name, value });
  }
}
