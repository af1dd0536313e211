import { isList } from '../expr/index.ts';
import { DiagnosticError } from '../model/diagnostic.ts';
import type { FlowNames, FlowWatch } from '../model/flow-watch.ts';
import { toLocation } from '../model/location.ts';
import type { AgreeThing, FlowPlan, StepPlan } from '../model/plan.ts';
import { listPhases, listSteps } from '../model/walk-steps.ts';
import { Agreement } from './agreement.ts';
import type { WantedThing } from './judge/wanted.ts';
import { readId } from './read/look.ts';
import { toType } from './words/type-name.ts';

/** Positions in loops: `each[3]>check` has one. */
const POSITION = /\[\d+\](?=>|$)/g;

/** Makes what follows a flow and finds where it is told different things of one. */
export function openAgreement(plan: FlowPlan): FlowWatch {
  const { agree = 'auto' } = plan;
  const planned = listSteps(listPhases(plan));
  const watches = [plan, ...planned].flatMap((one) => one.watches ?? []);
  const steps = new Map([...planned, ...watches].map((step) => [step.address, step]));
  return new Agreement({
    stepOf: (address) => describeStep(steps.get(address.replaceAll(POSITION, ''))),
    findWanted: (names) => ({ things: agree === 'auto' ? undefined : agree.map((thing) => findThing(thing, names)) }),
  });
}

function describeStep(step: StepPlan | undefined) {
  return step && { isLocal: Boolean(step.action.traits?.isLocal), awaited: step.listAwaited?.() };
}

/** One whose id was not captured, for the flow went another way, is not compared. @throws DiagnosticError where a setting is wrong */
function findThing({ name, settings, span }: AgreeThing, { env, host }: FlowNames): WantedThing {
  const type = toType(name);
  try {
    const { id, fields, except = [] } = settings.render(env, host);
    const ids = (isList(id) ? id : [id]).flatMap((one) => readId(one) ?? []);
    return { name, type, ids, fields, except, location: span && toLocation(span) };
  } catch (error) {
    if (error instanceof DiagnosticError && error.diagnostic.kind === 'authoring') throw error;
    return { name, type, ids: [], except: [] };
  }
}
