import type { Span } from '../../model/source-file.ts';
import type { MapNode, Node } from '../../source/yaml/node.ts';
import { makeMap, makeScalar } from '../lower/synthetic.ts';
import type { PlanContext, PlannedStep, StepPlace } from '../read/context.ts';
import { CODES, Findings } from '../read/findings.ts';
import { type Field, type Fields, isNothing } from '../read/keys.ts';
import { listWatchKeys } from '../read/watch-keys.ts';
import { UNKNOWN_ACTION } from './read-action.ts';

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
  const { context, flowId } = planning;
  const planned = listWatchKeys(context.actions).flatMap((key): readonly PlannedStep[] => {
    reportEmpty(key, fields, context);
    const field = findSetting(key, fields, { context, flowId });
    if (!field) return [];
    const isCommon = field === context.flowSettings?.ofAll.get(key);
    return isCommon ? planCommon(key, field, planning) : planWatch(key, field, planning);
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

/** `effects: false`: what testmesh.yaml says of all flows is not for this one. */
function planWatch(key: string, field: Field, planning: WatchPlanning): readonly PlannedStep[] {
  const { context, prefix, place, planStep } = planning;
  const { value } = field;
  if (isNothing(value) || (value.kind === 'scalar' && value.value === false)) return [];
  const { phase, isCleanup } = place;
  return [planStep(wrap(key, field), { phase, number: 1, prefix, isCleanup }, context)];
}

/** What testmesh.yaml says of all flows is left out where a flow has nothing that it could be about; a flow that is called is a part of its caller. */
function planCommon(key: string, field: Field, planning: WatchPlanning): readonly PlannedStep[] {
  const { context } = planning;
  if (context.calledWith) return [];
  const findings = new Findings();
  const planned = planWatch(key, field, { ...planning, context: { ...context, findings } });
  const nowhere = findings.list.find(({ code }) => code === CODES.nowhere);
  if (!nowhere) context.findings.add(findings.list);
  else {
    const message = `\`${key}\` of testmesh.yaml leaves this flow out: ${nowhere.message}`;
    const start = context.root?.span.start ?? 0;
    context.findings.warn(CODES.nowhere, message, { file: context.file, start, end: start }, [
      `\`${key}: false\` in the flow says that this is meant`,
    ]);
  }
  return nowhere ? [] : planned;
}

/** Reports a key with nothing behind it: who writes it wants something. */
export function reportEmpty(key: string, fields: Fields, { findings }: Pick<PlanContext, 'findings'>): void {
  const span = fields.empty.get(key);
  if (span)
    findings.error(CODES.wrongValue, `\`${key}\` is empty`, span, [`\`testmesh explain ${key}\` says what it takes`]);
}

/** Plans what looks at a flow without its key: the first settings of each that the flow can do with. */
export function planUnasked(watches: readonly PlannedStep[] = [], planning: WatchPlanning): readonly PlannedStep[] {
  const { context, prefix, place, planStep } = planning;
  const planned = new Set(watches.map(({ action }) => action));
  const keys = listWatchKeys(context.actions).filter((key) => !planned.has(context.actions.get(key) ?? UNKNOWN_ACTION));
  return keys.flatMap((key) => {
    for (const settings of context.actions.get(key)?.control?.unasked ?? []) {
      const findings = new Findings();
      const span = context.root?.span ?? { file: context.file, start: 0, end: 0 };
      const field = { key: makeScalar(key, span), value: toNode(settings, span) };
      const step = planStep(wrap(key, field), { phase: place.phase, number: 1, prefix }, { ...context, findings });
      if (findings.list.length === 0) return [step];
    }
    return [];
  });
}

function toNode(value: unknown, span: Span): Node {
  if (typeof value !== 'object' || value === null) return makeScalar(String(value), span);
  return makeMap(Object.fromEntries(Object.entries(value).map(([key, one]) => [key, toNode(one, span)])), span);
}

function wrap(key: string, { key: { span }, value }: Field): MapNode {
  return { ...makeMap({ id: makeScalar(key, span), action: makeScalar(key, span), config: value }, span), span };
}
