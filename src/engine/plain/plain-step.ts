import { layerOver } from '../../expr/index.ts';
import type { ActionOutcome } from '../../model/action/outcome.ts';
import type { StepPlan } from '../../model/plan.ts';
import type { Stop } from '../../stop/stop.ts';
import type { FlowFacts } from '../lifetimes/flow-facts.ts';
import type { Ledger } from '../lifetimes/ledger.ts';
import type { Services } from '../lifetimes/services.ts';
import { surround } from '../names/surroundings.ts';
import { holdQuietly } from '../outcome/check-expression.ts';
import { learnThings } from '../outcome/item-keys.ts';
import { NO_CHILDREN } from '../outcome/no-children.ts';
import type { BeforeSteps } from '../prepare/before-steps.ts';
import { learnPasswords } from '../run/learn-secrets.ts';
import type { StepEvents } from '../run/step-events.ts';
import { createNotes, StepIo } from '../run/step-io.ts';
import type { BegunStep, Frame, StepEnd } from '../run/step-types.ts';
import { takeCaptures } from '../run/take-captures.ts';
import { listPassedChecks } from './passed-checks.ts';

/** What runs a step plainly. */
export interface PlainHelpers {
  readonly facts: FlowFacts;
  readonly services: Services;
  readonly ledger: Ledger;
  readonly events: StepEvents;
}

/** A plain step that has begun: what its action runs with. */
export interface BegunPlainly extends BegunParts {
  readonly io: StepIo;
}

type BegunParts = Pick<BegunStep, 'begin' | 'around' | 'kept' | 'config'>;

const NONE: readonly never[] = [];
/** Nothing waits for what steps cause where none prepares itself. */
const NOTHING_BEFORE: BeforeSteps = { add: () => undefined, call: () => undefined };

/** Makes ready a step that is its action and what is expected of that, without what else may happen to steps; undefined where the ordinary way has to say what is wrong. */
export function beginPlainStep(step: StepPlan, frame: Frame, helpers: PlainHelpers): BegunPlainly | undefined {
  const { facts, services, ledger, events } = helpers;
  const { position, preparation, context, stream, stop } = frame;
  const begin = events.begin();
  const around = surround(facts.run, services, { context, id: step.id, attempt: 1, stream });
  const kept = createNotes(services.wants);
  let config: unknown;
  try {
    config = step.config.render(around.env, around.host);
  } catch {
    return undefined;
  }
  learnPasswords(step, config, ledger);
  const io = new StepIo(facts, services, {
    step,
    position,
    preparation,
    timeoutMs: undefined,
    attempt: 1,
    stop,
    isAfterFailure: undefined,
    beforeSteps: NOTHING_BEFORE,
    around,
    kept,
    children: NO_CHILDREN.startUnder(stop),
    secrets: ledger.secrets,
  });
  return { begin, around, kept, config, io };
}

/** Reports a step of which all passes; gives its end, undefined where the ordinary way has to go on from what came of it. */
export function endPlainStep(
  step: StepPlan,
  { frame, begun, outcome }: { readonly frame: Frame; readonly begun: BegunPlainly; readonly outcome: ActionOutcome },
  { ledger, events }: PlainHelpers,
): StepEnd | undefined {
  const { begin, kept } = begun;
  if (frame.stop.reason) return undefined;
  const passed = kept.rejected.length === 0 ? takeWhatPassed(step, outcome, begun, ledger) : undefined;
  if (!passed) return undefined;
  const { measures } = kept;
  const measured = measures && {
    requests: measures.requests,
    values: measures.values,
    checks: listPassedChecks(step),
    key: measures.key,
  };
  events.finished(step, { frame, begin, end: passed, attempts: 1, notes: NONE, measures: measured });
  return passed;
}

/** What the ordinary way goes on from, of a step that gave this. */
export function handOver({ begin, around, kept, config }: BegunPlainly, stop: Stop, outcome: ActionOutcome): BegunStep {
  const reason = stop.reason;
  const bounded = reason ? ({ kind: 'stopped', reason } as const) : ({ kind: 'done', value: outcome } as const);
  return { begin, around, kept, config, bounded };
}

/** The same of one that threw. */
export function handOverThrown({ begin, around, kept, config }: BegunPlainly, stop: Stop, error: unknown): BegunStep {
  const reason = stop.reason;
  const bounded = reason ? ({ kind: 'stopped', reason, error } as const) : ({ kind: 'threw', error } as const);
  return { begin, around, kept, config, bounded };
}

/** The end of a step of which all holds that is asserted, and from which all was taken; undefined for any other. */
function takeWhatPassed(
  step: StepPlan,
  { result, summary, problems = NONE, details = NONE, captures: set = {}, itemKeys }: ActionOutcome,
  { around }: Pick<BegunStep, 'around'>,
  ledger: Ledger,
): StepEnd | undefined {
  if (problems.length > 0) return undefined;
  const { host } = around;
  const env = layerOver(result, around.env);
  const { items } = step.action.result;
  const things = items && itemKeys && { items, keys: itemKeys };
  if (things) learnThings(result, things);
  if (!holdQuietly(step.assert, { env, host, things })) return undefined;
  const taken = takeCaptures({ ledger, step, env, host }, result, set);
  if (taken.problems.length > 0) return undefined;
  const { captures } = taken;
  return { outcome: 'passed', summary, result, problems: NONE, captures, details, env };
}
