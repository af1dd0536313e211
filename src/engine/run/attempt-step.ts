import type { Env, Host } from '../../expr/index.ts';
import { createBuiltIns } from '../names/built-ins.ts';
import { renderName } from '../names/render-name.ts';
import { worstOutcome } from '../outcome/problems.ts';
import { type Acted, act, describeFailure } from './act.ts';
import type { AttemptOptions } from './attempt-options.ts';
import { type Judged, judge } from './judge.ts';
import type { Told } from './step-io.ts';
import type { AttemptEnd } from './step-types.ts';

/** Runs a step once: renders, prepares, acts, checks, captures. */
export async function attemptStep(options: AttemptOptions): Promise<AttemptEnd> {
  const { scope, step, frame, attempt, runStep } = options;
  const { clock, facts } = scope;
  const stream = `${frame.stream}#${attempt}`;
  const random = () => scope.random.derive(stream);
  const env = frame.context.withBuiltIns(createBuiltIns({ clock, facts, random, step: { id: step.id, attempt } }));
  const host = scope.createHost(stream);
  const told: Told = { notes: [], exchange: undefined };
  const named = nameStep(options, env, host);
  tellStarted(options, named.name);
  const acted = named.failure ?? (await act({ scope, step, frame, attempt, runStep, env, host, told }));
  const judged = judgeSafely(options, acted, env, host);
  const outcome = worstOutcome(judged.problems.map((problem) => problem.outcome));
  return {
    outcome: outcome === 'skipped' ? 'passed' : outcome,
    name: named.name,
    summary: judged.summary,
    result: judged.result,
    problems: judged.problems,
    captures: judged.captures,
    details: judged.details,
    env: judged.env,
    notes: told.notes,
    exchange: told.exchange,
  };
}

function nameStep(
  { scope, step }: AttemptOptions,
  env: Env,
  host: Host,
): { name?: string | undefined; failure?: Acted } {
  try {
    return { name: renderName(step, env, host) };
  } catch (error) {
    return { failure: describeFailure(scope, error) };
  }
}

function judgeSafely({ scope, step }: AttemptOptions, acted: Acted, env: Env, host: Host): Judged {
  try {
    return judge({ scope, step, env, host }, acted);
  } catch (error) {
    return judge({ scope, step, env, host }, describeFailure(scope, error));
  }
}

function tellStarted({ scope, step, frame, attempt }: AttemptOptions, name: string | undefined): void {
  const { id } = step;
  const phase = scope.calledIn ?? step.phase;
  const { address, depth } = frame;
  const action = step.action.name;
  const at = scope.clock.now();
  scope.run.emit({ type: 'step_started', at, flow: scope.index, address, id, name, phase, action, attempt, depth });
}
