import type { Value } from '../../expr/index.ts';
import type { ActionOutcome } from '../../model/action/outcome.ts';
import type { OpenedFlow } from '../lifetimes/opened-flow.ts';
import type { Context } from '../names/context.ts';
import { LaterResult } from '../names/later-result.ts';
import type { FlowEnd, FlowOptions, FlowRunner } from '../run/flow-runner.ts';
import type { PhaseEnd } from '../run/phase-runner.ts';
import { addNames, type RanStep } from '../run/run-list.ts';
import { StepEvents } from '../run/step-events.ts';
import { thinkAfter } from '../run/step-runner.ts';
import type { BegunStep, StepEnd } from '../run/step-types.ts';
import { beginPlainStep, endPlainStep, handOver, handOverThrown } from './plain-step.ts';
import { isPlainStep } from './plain-steps.ts';

/** Runs the steps of a flow, those that are plain and pass without what else may happen to steps; from the first other one on as any flow. */
export async function runPlainly(
  { facts, ledger, services, preparation }: OpenedFlow,
  options: FlowOptions,
  createRunner: () => FlowRunner,
): Promise<FlowEnd> {
  const { steps } = options.chosen;
  const { work: stop } = services.stops;
  const helpers = { facts, services, ledger, events: new StepEvents(facts, ledger, services) };
  const ends: RanStep[] = [];
  let context = options.context.inPhase('steps');
  let begun: BegunStep | undefined;
  for (const step of steps) {
    if (stop.asked || !isPlainStep(step)) break;
    const position = facts.positionOf(step);
    const frame = { position, context, stop, stream: position.address, preparation };
    const running = beginPlainStep(step, frame, helpers);
    if (!running) break;
    let outcome: ActionOutcome;
    try {
      // Here and not below: each function that waits is one more to go through for each request of a load.
      outcome = await step.action.run(running.config, running.io);
    } catch (error) {
      begun = handOverThrown(running, stop, error);
      break;
    }
    const end = endPlainStep(step, { frame, begun: running, outcome }, helpers);
    if (!end) {
      begun = handOver(running, stop, outcome);
      break;
    }
    ends.push({ step, end });
    context = addNames(context, step, end, nameLater(end));
    if (step.think && services.policy.thinks) await thinkAfter(step.think, frame, services);
  }
  const isDone = ends.length === steps.length && services.resources.isEmpty;
  return isDone ? describePassed(context, ends) : createRunner().run({ ...options, ran: { ends, context, begun } });
}

function nameLater({ result, captures }: StepEnd): Value | LaterResult | undefined {
  return result && captures.length > 0 ? new LaterResult(result, captures) : result;
}

/** Of a flow of which nothing is told but that it passed. */
function describePassed(context: Context, ends: readonly RanStep[]): FlowEnd {
  const none: PhaseEnd = { context, ends: [], isBroken: false, stop: undefined };
  const counts = { passed: ends.length, failed: 0, errored: 0, skipped: 0 };
  const phases = { setup: none, steps: { ...none, ends }, teardown: none };
  return { outcome: 'passed', counts, problems: [], captures: {}, phases };
}
