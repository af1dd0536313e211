import type { ActionIo, StepReport } from '../../model/action/io.ts';
import type { Wants } from '../../model/consumer.ts';
import type { Measuring } from '../../model/load/measures.ts';
import type { FlowFacts } from '../lifetimes/flow-facts.ts';
import type { Services } from '../lifetimes/services.ts';
import type { Surroundings } from '../names/surroundings.ts';
import { checkClaim, checkExpression } from '../outcome/check-expression.ts';
import { type OnRemark, takeValue } from '../outcome/take-value.ts';
import { type PrepareIoOptions, StepPrepareIo } from '../prepare/prepare-io.ts';
import type { ChildIo } from './child-runner.ts';
import type { KeptMeasures, StepNotes } from './step-types.ts';

const MOST_REMARKS = 8;

/** Of an action that has said nothing yet. */
export function createNotes({ measures }: Pick<Wants, 'measures'>): StepNotes {
  return {
    notes: [],
    remarks: new Set(),
    rejected: [],
    exchange: undefined,
    measures: measures ? { requests: [], values: [], checks: [] } : undefined,
  };
}

export interface StepIoOptions extends PrepareIoOptions {
  readonly around: Surroundings;
  readonly kept: StepNotes;
  readonly children: ChildIo;
  readonly mask: ActionIo['mask'];
}

/** What an action may touch while it runs. */
export class StepIo extends StepPrepareIo implements ActionIo {
  readonly expressions: ActionIo['expressions'];
  override readonly report: ActionIo['report'];
  readonly mask: ActionIo['mask'];
  readonly #options: StepIoOptions;
  #children: ActionIo['children'] | undefined;

  constructor(facts: FlowFacts, services: Services, options: StepIoOptions) {
    const report = createReport(facts, services, options);
    super(facts, services, options, report);
    const { env, host } = options.around;
    this.#options = options;
    const listen = () => ({ host, onRemark: keepRemark(options.kept) });
    this.expressions = {
      env,
      host,
      check: (expression, names) => checkExpression(expression, names, listen()),
      claim: (expression, names) => checkClaim(expression, names, listen()),
      take: (expression) => takeValue(expression, () => expression.evaluate(env, host), { env, ...listen() }),
    };
    this.report = report;
    this.mask = options.mask;
  }

  get children(): ActionIo['children'] {
    this.#children ??= createChildren(this.#options);
    return this.#children;
  }
}

function createChildren({ step, kept, children }: StepIoOptions): ActionIo['children'] {
  return {
    list: step.children,
    isChosen: (iteration) => step.rounds?.has(iteration) ?? true,
    ...children,
    runStep(child, choices) {
      // What an earlier look saw is not what it came to.
      kept.remarks.clear();
      return children.runStep(child, choices);
    },
  };
}

/** Keeps what is said of conditions. */
export function keepRemark({ remarks }: StepNotes): OnRemark {
  return (text) => void (remarks.size < MOST_REMARKS && remarks.add(text));
}

function createReport(
  { index: flow }: FlowFacts,
  { clock, emit, wants }: Services,
  { position: step, kept }: Pick<StepIoOptions, 'position' | 'kept'>,
): StepReport {
  return {
    exchange(build) {
      kept.exchange = build;
    },
    rejected(result) {
      kept.rejected.push(result);
    },
    note(text) {
      if (!kept.notes.includes(text)) kept.notes.push(text);
    },
    progress: (text) => wants.progress && emit({ type: 'step_progress', at: clock.now(), flow, step, text }),
    log: (level, message, data) => emit({ type: 'log_written', at: clock.now(), flow, step, level, message, data }),
    measure: kept.measures && createMeasuring(kept.measures),
  };
}

function createMeasuring({ requests, values }: KeptMeasures): Measuring {
  return {
    request: (measure) => void requests.push(measure),
    value: (name, value) => void values.push({ name, value }),
  };
}
