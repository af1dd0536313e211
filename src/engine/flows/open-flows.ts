import type { FlowPlan, OpenWait } from '../../model/plan.ts';
import { positionAt } from '../../model/source-file.ts';
import { childrenAndCleanups, listPhases, listSteps } from '../../model/walk-steps.ts';
import { takeShown } from '../../util/take-shown.ts';
import { chooseSteps } from '../lifetimes/chosen-steps.ts';
import type { FlowRun } from '../lifetimes/run-options.ts';

const SHOWN_WAITS = 3;

/** The waits of a flow, of the steps that run, that what another flow causes at the same time may satisfy. */
export function findOpenWaits({ plan, inputs, inputsOf, selection }: FlowRun): readonly OpenWait[] {
  if (plan.skip !== undefined) return [];
  const waits = plan.findOpenWaits?.((flow: FlowPlan) => {
    const { given, environment, envFile } = flow === plan ? inputs : (inputsOf?.(flow) ?? inputs);
    return new Set([...given.keys(), ...environment.keys(), ...envFile.keys()]);
  });
  if (!waits || waits.length === 0 || !selection) return waits ?? [];
  const chosen = listSteps(listPhases(chooseSteps(plan, selection)), childrenAndCleanups);
  return waits.filter(({ address }) => chosen.some((step) => step.address === address));
}

/** Whether a step that runs changes what other flows stand on: it stops a service of the run, or sets a fault in a proxy of it. */
export function runsAlone(flow: FlowRun | undefined): boolean {
  if (!flow || flow.plan.skip !== undefined) return false;
  const chosen = listSteps(listPhases(chooseSteps(flow.plan, flow.selection)), childrenAndCleanups);
  return chosen.some(({ uses }) => uses?.isAlone);
}

/** Says which flows run while no other does, why, and what would let them run beside others. */
export function describeOpenFlows(flows: readonly FlowRun[], open: readonly (readonly OpenWait[])[]): string {
  const count = open.filter(({ length }) => length > 0).length;
  const first = flows[open.findIndex(({ length }) => length > 0)];
  const waits = [...new Set(open.flat().map(describeWait))];
  const { shown, hidden } = takeShown(waits, SHOWN_WAITS);
  const more = hidden > 0 ? ` and ${hidden} more` : '';
  const who = count === 1 ? `flow "${first?.plan.name}" runs` : `${count} flows each run`;
  const help = [...new Set(open.flat().map((wait) => wait.help))].join('; ');
  return `${who} alone, since what another flow causes could count in ${shown.join(', ')}${more}: ${help}`;
}

function describeWait({ address, span }: OpenWait): string {
  return `\`${address}\` (${span.file.path}:${positionAt(span.file, span.start).line})`;
}
