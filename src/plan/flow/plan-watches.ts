import type { ActionDefinition } from '../../model/action/definition.ts';
import type { MapNode } from '../../source/yaml/node.ts';
import { makeMap, makeScalar } from '../lower/synthetic.ts';
import type { PlanContext, PlannedStep, StepPlace } from '../read/context.ts';
import { CODES } from '../read/findings.ts';
import { type Field, type Fields, isNothing, type KeyTable } from '../read/keys.ts';

type Actions = ReadonlyMap<string, ActionDefinition>;

const keysByActions = new WeakMap<Actions, readonly string[]>();
const tablesByActions = new WeakMap<Actions, Map<KeyTable, KeyTable>>();

/** The keys that watch what they stand at. */
export function listWatchKeys(actions: Actions): readonly string[] {
  const known = keysByActions.get(actions);
  if (known) return known;
  const keys = [...actions].flatMap(([name, { control }]) => (control?.watches ? [name] : []));
  keysByActions.set(actions, keys);
  return keys;
}

/** A table of keys with those that watch. */
export function withWatchKeys(table: KeyTable, actions: Actions): KeyTable {
  const tables = tablesByActions.get(actions) ?? new Map<KeyTable, KeyTable>();
  tablesByActions.set(actions, tables);
  const known = tables.get(table);
  if (known) return known;
  const keys = listWatchKeys(actions);
  const joined = { ...table, ...Object.fromEntries(keys.map((key) => [key, true as const])) };
  tables.set(table, joined);
  return joined;
}

export interface WatchPlanning {
  readonly context: PlanContext;
  /** The id of a flow, which testmesh.yaml may have settings for; absent: they are those of a step. */
  readonly flowId?: string;
  /** What their addresses begin with. */
  readonly prefix: string;
  readonly place: StepPlace;
  readonly planStep: (node: MapNode, place: StepPlace, context: PlanContext) => PlannedStep;
}

/** Plans what watches a flow or a step; of a flow the nearest counts: its own, that of its id in testmesh.yaml, that of all flows there. */
export function planWatches(fields: Fields, planning: WatchPlanning): readonly PlannedStep[] | undefined {
  const { context, flowId, prefix, place } = planning;
  const planned = listWatchKeys(context.actions).flatMap((key): readonly PlannedStep[] => {
    const field = findSetting(key, fields, { context, flowId });
    reportEmpty(key, fields, context);
    if (!field || isOff(field)) return [];
    const { phase, isCleanup } = place;
    return [planning.planStep(wrap(key, field), { phase, number: 1, prefix, isCleanup }, context)];
  });
  return planned.length === 0 ? undefined : planned;
}

/** What is said under a key of a step, or of a flow: the nearest of its own, that of its id in testmesh.yaml, and that of all flows there. */
export function findSetting(
  key: string,
  fields: Fields,
  { context: { flowSettings }, flowId }: { readonly context: PlanContext; readonly flowId: string | undefined },
): Field | undefined {
  const ofProject = flowId === undefined ? undefined : flowSettings?.byId.get(flowId)?.get(key);
  return fields.get(key) ?? ofProject ?? (flowId === undefined ? undefined : flowSettings?.ofAll.get(key));
}

/** Who writes the key wants something watched. */
export function reportEmpty(key: string, fields: Fields, { findings }: PlanContext): void {
  const span = fields.empty.get(key);
  if (span)
    findings.error(CODES.wrongValue, `\`${key}\` is empty`, span, [`\`testmesh explain ${key}\` says what it takes`]);
}

/** `effects: false`: what testmesh.yaml says of all flows is not for this one. */
function isOff({ value }: Field): boolean {
  return isNothing(value) || (value.kind === 'scalar' && value.value === false);
}

function wrap(key: string, { key: { span }, value }: Field): MapNode {
  return { ...makeMap({ id: makeScalar(key, span), action: makeScalar(key, span), config: value }, span), span };
}
