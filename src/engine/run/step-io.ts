import type { Value } from '../../expr/index.ts';
import type { ActionIo, StepReport } from '../../model/action/io.ts';
import type { Exchange } from '../../model/exchange.ts';
import { toLocation } from '../../model/location.ts';
import type { FlowFacts } from '../lifetimes/flow-facts.ts';
import type { Services } from '../lifetimes/services.ts';
import type { Surroundings } from '../names/surroundings.ts';
import { checkExpression, type OnEmptyList } from '../outcome/check-expression.ts';
import { type PrepareIoOptions, StepPrepareIo } from '../prepare/prepare-io.ts';
import type { ChildIo } from './child-runner.ts';

/** What an action said while it ran. */
export interface StepNotes {
  readonly notes: string[];
  /** Conditions that were asked of the items of a list without any: `\`body.items\` of \`all(…)\``. */
  readonly emptyLists: Set<string>;
  /** What came and was no result. */
  readonly rejected: Readonly<Record<string, Value>>[];
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
  readonly locate: ActionIo['locate'];

  constructor(facts: FlowFacts, services: Services, options: StepIoOptions) {
    super(facts, services, options);
    const { step, around, kept } = options;
    const { env, host } = around;
    const watched = { host, onEmptyList: keepEmptyList(kept) };
    this.expressions = { env, host, check: (expression, names) => checkExpression(expression, names, watched) };
    const isChosen = (iteration: number): boolean => step.rounds?.has(iteration) ?? true;
    const runStep: ActionIo['children']['runStep'] = (child, choices) => {
      // What an earlier look saw is not what it came to.
      kept.emptyLists.clear();
      return options.children.runStep(child, choices);
    };
    this.children = { list: step.children, isChosen, ...options.children, runStep };
    this.report = createReport(facts, services, options);
    this.locate = (path) => toLocation(step.config.spanAt(path));
  }
}

/** Keeps what is asked of lists without items. */
export function keepEmptyList({ emptyLists }: StepNotes): OnEmptyList {
  return (name, list) => emptyLists.add(`\`${shorten(list)}\` of \`${name}(…)\``);
}

function shorten(text: string): string {
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
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
  };
}
