import { isBad } from '../../model/events.ts';
import type { RecordedRun } from '../../model/inputs.ts';
import type { FlowPlan } from '../../model/plan.ts';
import { findAddresses } from '../../plan/select/find-steps.ts';
import { needsLiveState } from '../../plan/select/live-state.ts';
import { withSecretSources } from '../../plan/select/secret-sources.ts';
import { type SelectedSteps, type SelectOptions, selectSteps } from '../../plan/select/select-steps.ts';
import { listNames } from '../../util/suggest.ts';
import { EXIT, UsageError } from '../process/usage-error.ts';

/** What of a flow failed when it last ran: nothing, it as a whole, or some of its steps. */
export type FailedSteps =
  | { readonly kind: 'none' | 'whole' }
  | { readonly kind: 'steps'; readonly selected: SelectedSteps; readonly notes: readonly string[] };

/** Chooses the steps that failed, with those that give secrets to them; the whole flow where that failed by itself, or they cannot run without the others. */
export function selectFailed(
  plan: FlowPlan,
  recorded: RecordedRun | undefined,
  options: Pick<SelectOptions, 'withSetup' | 'withTeardown'>,
): FailedSteps {
  if (!recorded) return { kind: 'none' };
  const failed = listFailed(recorded).filter((address) => findAddresses(plan, address).length > 0);
  if (recorded.hasFlowProblems) return { kind: 'whole' };
  if (failed.length === 0) return { kind: 'none' };
  const ids = needsLiveState(plan, failed) ? undefined : withSecretSources(plan, failed);
  if (!ids) return { kind: 'whole' };
  const more = ids.filter((id) => !failed.includes(id));
  const verb = more.length === 1 ? 'gives' : 'give';
  const why = `${listNames(more)} of "${plan.name}", which ${verb} a secret to ${listNames(failed)}`;
  return {
    kind: 'steps',
    selected: selectSteps(plan, { ids, ...options }),
    notes: [...(more.length > 0 ? [`\`--failed\` also runs ${why}`] : []), ...describeUnreached(plan, recorded, ids)],
  };
}

/** What came behind and was not reached is not known to pass, and is not among what failed. */
function describeUnreached(plan: FlowPlan, { steps }: RecordedRun, chosen: readonly string[]): readonly string[] {
  const last = plan.steps.findLastIndex(({ address }) => steps.has(address));
  const unreached = plan.steps.slice(last + 1).filter(({ address }) => !chosen.includes(address));
  if (unreached.length === 0) return [];
  const [verb, names] = [
    unreached.length === 1 ? 'was' : 'were',
    listNames(
      unreached.map(({ id }) => id),
      5,
    ),
  ];
  return [
    `${names} of "${plan.name}" ${verb} not reached then, and \`--failed\` does not run what did not fail: run the whole flow`,
  ];
}

/** @throws UsageError where nothing failed */
export function refuseNoneFailed(hasRecord: boolean, shown: string): never {
  throw new UsageError(
    '--failed: no step of these flows failed when it last ran',
    [
      hasRecord
        ? `by the records in \`${shown}\`; the whole flows run without \`--failed\``
        : `there is no record of them in \`${shown}\`: run them once, or name the folder with \`--output-dir\``,
    ],
    EXIT.nothingMatched,
  );
}

/** The innermost steps that failed when they last ran; what a poll saw is the poll's. */
function listFailed({ steps }: RecordedRun): readonly string[] {
  const failed = [...steps].flatMap(([address, runs]) => {
    const last = runs.at(-1)?.finished;
    return last && isBad(last.outcome) && last.step.role === undefined ? [address] : [];
  });
  return failed.filter(
    (address) => !failed.some((other) => other.startsWith(`${address}>`) || other.startsWith(`${address}[`)),
  );
}
