import type { Replay, Selection } from '../../model/inputs.ts';
import type { Phase } from '../../model/phase.ts';
import type { FlowPlan, StepPlan } from '../../model/plan.ts';
import { listSteps, toPlanAddress } from '../../model/walk-steps.ts';
import { LEFT_OUT } from '../recorded/recorded-steps.ts';

export type ChosenSteps = Readonly<Record<Phase, readonly StepPlan[]>>;

/**
 * The steps of a flow that run, by phase. Of a control that is not chosen, its chosen children run by themselves; those of a
 * loop or of a called flow run in it, for without it they would lack their names.
 */
export function chooseSteps(plan: FlowPlan, selection: Selection | undefined): ChosenSteps {
  if (!selection) return plan;
  const { withSetup, withTeardown, skipped } = selection;
  const chosen = groupByPlan(selection.addresses);
  const leave = (steps: readonly StepPlan[]): readonly StepPlan[] => (skipped ? leaveOut(steps, skipped) : steps);
  return {
    setup: leave(withSetup ? plan.setup : pickSteps(plan.setup, chosen)),
    steps: leave(pickSteps(plan.steps, chosen)),
    teardown: leave(withTeardown ? plan.teardown : pickSteps(plan.teardown, chosen)),
  };
}

/** What is left out is told as skipped, wherever it stands. */
function leaveOut(steps: readonly StepPlan[], skipped: ReadonlySet<string>): readonly StepPlan[] {
  return steps.map((step) => {
    if (skipped.has(step.address)) return { ...step, skip: LEFT_OUT };
    return step.children.length === 0 ? step : { ...step, children: leaveOut(step.children, skipped) };
  });
}

const NONE: ReadonlySet<StepPlan> = new Set();

/**
 * The chosen steps that run without what caused what they wait for: those before which none but waiting steps run.
 * A step that runs after others waits for what these cause now, not for what a recorded run left.
 */
export function findReplayed(chosen: ChosenSteps, replay: Replay | undefined): ReadonlySet<StepPlan> {
  if (!replay) return NONE;
  const replayed = new Set<StepPlan>();
  for (const step of listSteps([...chosen.steps, ...chosen.teardown])) {
    replayed.add(step);
    if (step.children.length === 0 && !step.action.preparation?.prepare) break;
  }
  return replayed;
}

/** The chosen addresses of which nothing was reported: rounds that their loop does not have. */
export function listUnreached({ addresses }: Selection, reported: ReadonlySet<string>): readonly string[] {
  const runs = [...reported].map((address) => address.split('>'));
  return [...addresses].filter((address) => {
    const [last = '', ...around] = address.split('>').toReversed();
    const chosen = [toPlanAddress(last), ...around].toReversed();
    return !runs.some((run) => run.length === chosen.length && run.every((part, at) => isRunOf(part, chosen[at])));
  });
}

function isRunOf(part: string, chosen: string | undefined): boolean {
  return part === chosen || toPlanAddress(part) === chosen;
}

/** Addresses as chosen, by the address in the plan: `each>check` may be chosen as `each[3]>check` and `each[4]>check`. */
type Chosen = ReadonlyMap<string, readonly string[]>;

function groupByPlan(addresses: ReadonlySet<string>): Chosen {
  const chosen = new Map<string, string[]>();
  for (const address of addresses) {
    const planAddress = toPlanAddress(address);
    chosen.set(planAddress, [...(chosen.get(planAddress) ?? []), address]);
  }
  return chosen;
}

function pickSteps(steps: readonly StepPlan[], chosen: Chosen): readonly StepPlan[] {
  return steps.flatMap((step) => {
    if (chosen.has(step.address)) return [step];
    const below = pickSteps(step.children, chosen);
    if (below.length === 0 || !(step.action.control?.binds || step.calls)) return below;
    const around = { isAround: true, when: undefined, assert: [], output: [], watches: undefined };
    return [{ ...step, children: below, rounds: findRounds(step, chosen), ...around }];
  });
}

/** The rounds of a loop that are chosen; undefined: all. */
function findRounds({ address }: StepPlan, chosen: Chosen): ReadonlySet<number> | undefined {
  const rounds = new Set<number>();
  for (const [planAddress, given] of chosen) {
    if (!planAddress.startsWith(`${address}>`)) continue;
    const depth = address.split('>').length - 1;
    for (const one of given) {
      const round = /\[(\d+)\]$/.exec(one.split('>')[depth] ?? '')?.[1];
      if (round === undefined) return undefined;
      rounds.add(Number(round));
    }
  }
  return rounds.size === 0 ? undefined : rounds;
}
