import type { CompanionUse } from '../../model/companions/companion-use.ts';
import type { NameRef } from '../../model/plan.ts';
import { listPhases, listSteps, ownChildren } from '../../model/walk-steps.ts';
import type { CalledFlow, KnownCompanions, PlannedStep } from '../read/context.ts';
import type { Findings } from '../read/findings.ts';
import type { Producer, Renamed } from './name-findings.ts';
import { groupChildren } from './outside-needs.ts';
import { mayDoNoRound } from './round-refs.ts';

/** What all steps of a flow share while names are looked up. */
export interface NameRecord extends CallNames, CompanionNames {
  readonly findings: Findings;
  /** Names that are read somewhere. */
  readonly used: Set<string>;
  /** Unknown names by the line that they stand in: each is reported once. */
  readonly reported: Set<string>;
  /** Names that only the steps inside a control know, with the control. */
  readonly inside: ReadonlyMap<string, PlannedStep>;
  /** Ids and addresses of all steps, also of those inside others. */
  readonly allIds: ReadonlySet<string>;
  /** Whether names may be declared that could not be read: then one without a near name is not reported. */
  readonly isPartial: boolean;
  /** Steps to look at when everything else has run. */
  readonly cleanups: { readonly step: PlannedStep; readonly scope: NameScope }[];
}

/** What of testmesh.yaml the flow may name, under which names, and what it does. */
export interface CompanionNames {
  readonly companions: KnownCompanions | undefined;
  readonly companionRoots: ReadonlySet<string>;
  readonly companionUses: CompanionUse[];
}

/** Names that calls of the flow give or owe. */
export interface CallNames {
  readonly calledWith: ReadonlySet<string> | undefined;
  /** Of a flow that is called: names that nothing gives, which the call will hear of. */
  readonly missing: NameRef[] | undefined;
  /** Of a flow by itself: what calls elsewhere give it. */
  readonly givenByCalls: ReadonlySet<string> | undefined;
  /** Those of them that it cannot do without. */
  readonly borrowed: Set<string>;
}

/** What a list of steps knows. */
export interface NameScope {
  readonly record: NameRecord;
  readonly base: ReadonlySet<string>;
  /** Names made by the steps so far. */
  readonly made: Map<string, Producer>;
  /** The steps so far, by id and with their phase (`setup/create_user`): a name of the same spelling hides none of them. */
  readonly ended: Map<string, PlannedStep>;
  /** Names made by any step around or beside, the first maker of each. */
  readonly everything: ReadonlyMap<string, Producer>;
  /** Names that branches beside this one make at the same time. */
  readonly beside: ReadonlyMap<string, PlannedStep>;
  /** Names that the controls around give under others. */
  readonly renamed: ReadonlyMap<string, Renamed>;
  readonly ids: ReadonlySet<string>;
  /** The loops around, outermost first. */
  readonly loops: readonly PlannedStep[];
  /** Whether the steps run only sometimes. */
  readonly isConditional: boolean;
}

/** The variables that a step gives, with whom captures them and when they may be missing; a later maker takes the place of an earlier. */
export function listProvided(step: PlannedStep): ReadonlyMap<string, Producer> {
  const provided = new Map<string, Producer>();
  if (!step.calls) {
    for (const [name, producer] of joinGroups(step)) provided.set(name, addCondition(producer, step));
  }
  for (const name of step.ownProvides) provided.set(name, addCondition({ step, isCapture: true }, step));
  return provided;
}

function joinGroups(step: PlannedStep): ReadonlyMap<string, Producer> {
  const { action, children } = step;
  const groups = groupChildren(action, children).map((group) => {
    const made = new Map<string, Producer>();
    for (const child of group) for (const [name, producer] of listProvided(child)) made.set(name, producer);
    return made;
  });
  const joined = new Map<string, Producer>();
  const none = mayDoNoRound(step) ? describeNoRound(step) : undefined;
  for (const group of groups) {
    for (const [name, producer] of group) {
      const isSure =
        action.control?.branches !== 'either' || (groups.length > 1 && groups.every((other) => other.has(name)));
      // What is carried keeps its value where a round does not capture it.
      const own = isCarriedBy(step, name) ? undefined : producer.maybe;
      const maybe = own ?? (isSure ? none : describeBranch(step));
      joined.set(name, maybe === producer.maybe ? producer : { ...producer, maybe });
    }
  }
  return joined;
}

function describeBranch({ id }: PlannedStep): Producer['maybe'] {
  const text = `is captured by only one branch of \`${id}\``;
  return { text, help: 'capture it in both, or give this step that condition as its `when`' };
}

function isCarriedBy({ action, bindings }: PlannedStep, name: string): boolean {
  return action.control?.rounds !== undefined && bindings.includes(name);
}

function describeNoRound({ id, action }: PlannedStep): Producer['maybe'] {
  const { before, after } = action.control?.rounds ?? {};
  const text = `is nil when \`${id}\` does no round, as its \`${before}\` may have it`;
  return { text, help: `\`${after}\` does one round at least; or give this step a \`when\`` };
}

function addCondition(producer: Producer, step: PlannedStep): Producer {
  if (!step.when || producer.maybe !== undefined) return producer;
  const text = `is captured by \`${step.id}\`, which its \`when\` may skip`;
  return { ...producer, maybe: { text, help: 'give this step the same `when`' } };
}

/** Names made by any of these steps, the first maker of each. */
export function collectProducers(steps: readonly PlannedStep[]): Map<string, Producer> {
  const producers = new Map<string, Producer>();
  for (const step of steps) {
    for (const [name, producer] of listProvided(step)) if (!producers.has(name)) producers.set(name, producer);
    if (!producers.has(step.id)) producers.set(step.id, { step, isCapture: false });
  }
  return producers;
}

/** Names that only the steps inside a control know. */
export function collectInside(flow: CalledFlow): ReadonlyMap<string, PlannedStep> {
  const inside = new Map<string, PlannedStep>();
  for (const step of listSteps(listPhases(flow), ownChildren)) {
    for (const name of step.bindings) inside.set(name, step);
    for (const child of ownChildren(step)) inside.set(child.id, step);
  }
  return inside;
}

/** The step that names lead to, and the position of the key behind it among those behind the first name. */
export interface ReachedStep {
  readonly step?: PlannedStep | undefined;
  readonly at: number;
}

/** Finds the step that a name and the keys behind it lead to: `made`, `steps.made`, `$env.made`. */
export function findReachedStep(
  [name, ...path]: NameRef['path'],
  scope: Pick<NameScope, 'made' | 'ended'>,
  at = 0,
): ReachedStep {
  const [next] = path;
  if (name === '$env' && at === 0) return findReachedStep(path, scope, 1);
  if (name === 'steps') return { step: typeof next === 'string' ? scope.ended.get(next) : undefined, at: at + 1 };
  const producer = typeof name === 'string' ? scope.made.get(name) : undefined;
  return { step: producer?.isCapture ? undefined : producer?.step, at };
}
