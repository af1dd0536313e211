import type { ActionIo, StepReport } from '../../model/action/io.ts';
import type { Exchange } from '../../model/exchange.ts';
import type { FlowFacts } from '../lifetimes/flow-facts.ts';
import type { Services } from '../lifetimes/services.ts';
import type { Surroundings } from '../names/surroundings.ts';
import { checkExpression } from '../outcome/check-expression.ts';
import { type PrepareIoOptions, StepPrepareIo } from '../prepare/prepare-io.ts';
import type { ChildIo } from './child-runner.ts';

/** What an action said while it ran. */
export interface StepNotes {
  readonly notes: string[];
  exchange: (() => Exchange) | undefined;
}

export interface StepIoOptions extends PrepareIoOptions {
  readonly around: Surroundings;
  readonly kept: StepNotes;
  readonly children: ChildIo;
}

/** What an action may touch while it runs. */
export class StepIo extends StepPrepareIo implements ActionIo {
  readonly expressions: ActionIo['expressions'];
  readonly children: ActionIo['children'];
  override readonly report: ActionIo['report'];

  constructor(facts: FlowFacts, services: Services, options: StepIoOptions) {
    super(facts, services, options);
    const { step, around } = options;
    const { env, host } = around;
    this.expressions = { env, host, check: (expression, names) => checkExpression(expression, names, host) };
    const isChosen = (iteration: number): boolean => step.rounds?.has(iteration) ?? true;
    this.children = { list: step.children, isChosen, ...options.children };
    this.report = createReport(facts, services, options);
  }
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
    note(text) {
      if (!kept.notes.includes(text)) kept.notes.push(text);
    },
    progress: (text) => wants.progress && emit({ type: 'step_progress', at: clock.now(), flow, step, text }),
    log: (level, message, data) => emit({ type: 'log_written', at: clock.now(), flow, step, level, message, data }),
  };
}
