import * as z from 'zod/mini';
import { compilePath } from '../../capture/path.ts';
import { type Env, ExprError, type FunctionDef, type Host, isMap, type Value } from '../../expr/index.ts';
import type { ReconcileKind, ReconcilePlace, ReconcilePlan } from '../../model/load/reconcile.ts';
import type { FlowPlan, NameRef, Renderable, StepPlan } from '../../model/plan.ts';
import { anyValue, duration } from '../../model/settings.ts';
import { listSteps } from '../../model/walk-steps.ts';
import { findEntry, type MapNode, type Node, toData } from '../../source/yaml/node.ts';
import { findNearest, listNames } from '../../util/suggest.ts';
import { compileRenderable } from '../compile/renderable.ts';
import { makeScalar, replaceEntry } from '../lower/synthetic.ts';
import { BUILTIN_NAMES } from '../read/builtin-names.ts';
import { describeNode } from '../read/fields.ts';
import { CODES, type Findings } from '../read/findings.ts';
import { type Field, type Fields, type KeyTable, readFields } from '../read/keys.ts';

const KEYS: KeyTable = { accepted: 'needed', events: true, rows: true, within: true };
const ACCEPTED_KEYS: KeyTable = { step: 'needed', key: 'needed' };
const DEFAULT_WITHIN_MS = 30_000;
const BROKERS = 'KAFKA_BROKERS';

const howOften = {
  exactly: z.optional(z.int().check(z.minimum(1))),
  at_least: z.optional(z.int().check(z.minimum(1))),
};
const SCHEMAS = {
  events: z.strictObject({
    topic: z.string(),
    brokers: z.union([z.string(), z.array(z.string())]),
    sasl: z.optional(z.record(z.string(), z.string())),
    tls: z.optional(z.union([z.boolean(), z.record(z.string(), anyValue())])),
    key: z.string(),
    ...howOften,
  }),
  rows: z.strictObject({
    connection: z.string(),
    query: z.string(),
    params: z.optional(z.union([z.array(anyValue()), z.record(z.string(), anyValue())])),
    key: z.string(),
    ...howOften,
  }),
} as const;

/** What planning `reconcile` takes. */
export interface ReconcileContext {
  readonly functions: ReadonlyMap<string, FunctionDef>;
  /** Names that the command line and the environment give. */
  readonly givenNames: ReadonlySet<string>;
  /** Of the scenarios that run, with the variables that these give. */
  readonly flows: readonly FlowPlan[];
  readonly variables: ReadonlySet<string>;
  /** Those too that do not run. */
  readonly all: readonly FlowPlan[];
  note(text: string): void;
  readonly findings: Findings;
}

/** Plans `reconcile`; undefined where something is wrong with it. */
export function planReconcile({ key, value }: Field, context: ReconcileContext): ReconcilePlan | undefined {
  const { findings } = context;
  if (value.kind !== 'map') {
    const help = [
      'for example `{accepted: {step: create_order, key: "{{order_id}}"}, events: {topic: order.placed, key: $.value.order_id}}`',
    ];
    findings.error(CODES.wrongValue, `\`reconcile\`: expected a map, got ${describeNode(value)}`, value.span, help);
    return undefined;
  }
  const fields = readFields(value, { table: KEYS, what: '`reconcile`' }, findings);
  const accepted = fields.get('accepted');
  const [events, rows] = [fields.get('events'), fields.get('rows')];
  if (!accepted)
    findings.error(CODES.missingKey, '`reconcile` needs `accepted`', key.span, [
      'for example `accepted: {step: create_order, key: "{{order_id}}"}`',
    ]);
  if (!events && !rows)
    findings.error(CODES.missingKey, '`reconcile` needs `events` or `rows`, or both', key.span, [
      'say where what was accepted has to be: `events: {topic: order.placed, key: $.value.order_id}`',
    ]);
  const found = accepted && findStep(accepted, context);
  if (!found || (!events && !rows)) return undefined;
  const { step, flow, acceptedKey } = found;
  const names = listNamesAfterSetup(flow, context);
  const places = [
    events && planPlace('events', events, { names, context }),
    rows && planPlace('rows', rows, { names, context }),
  ];
  return {
    flow: markStep(flow, step, acceptedKey),
    step: step.id,
    places: places.filter((place) => place !== undefined),
    withinMs: readWithin(fields, findings),
  };
}

/** The flow that took the place of another one, which scenarios run. */
export function replaceFlow(flow: FlowPlan, { flow: marked }: ReconcilePlan): FlowPlan {
  return flow.file === marked.file && flow.id === marked.id ? marked : flow;
}

interface FoundStep {
  readonly flow: FlowPlan;
  readonly step: StepPlan;
  readonly acceptedKey: Renderable<Value>;
}

function findStep({ value, key: word }: Field, context: ReconcileContext): FoundStep | undefined {
  const { findings, flows } = context;
  if (value.kind !== 'map') {
    findings.error(CODES.wrongValue, `\`accepted\`: expected a map, got ${describeNode(value)}`, value.span, [
      'write `{step: create_order, key: "{{order_id}}"}`',
    ]);
    return undefined;
  }
  const fields = readFields(value, { table: ACCEPTED_KEYS, what: '`accepted`' }, findings);
  const [id, key] = [fields.get('step'), fields.get('key')];
  for (const [name, field] of [
    ['step', id],
    ['key', key],
  ] as const)
    if (!field)
      findings.error(CODES.missingKey, `\`accepted\` needs \`${name}\``, word.span, [
        'write `{step: create_order, key: "{{order_id}}"}`',
      ]);
  if (!id || !key) return undefined;
  const wanted = id.value.kind === 'scalar' ? id.value.text.text : '';
  const all = flows.flatMap((flow) => listSteps(flow.steps).map((step) => ({ flow, step })));
  const [first, second] = all.filter(({ step }) => step.id === wanted);
  if (!first && context.all.some((flow) => listSteps(flow.steps).some((step) => step.id === wanted))) {
    context.note(`\`reconcile\` is skipped: no scenario runs that has the step \`${wanted}\``);
    return undefined;
  }
  if (!first || second) {
    const ids = [...new Set(all.map(({ step }) => step.id))];
    const nearest = first ? undefined : findNearest(wanted, ids);
    const message = first ? `several steps are called \`${wanted}\`` : `no step of a scenario is called \`${wanted}\``;
    const help =
      nearest === undefined
        ? first
          ? 'give the one that is meant an id of its own'
          : `there are ${listNames(ids)}`
        : `did you mean \`${nearest}\`?`;
    // Without flows nobody knows which steps there are: what is wrong with them is told.
    if (flows.length > 0) findings.error(CODES.unknownName, message, id.value.span, [help]);
    return undefined;
  }
  const options = { what: '`accepted.key`', schema: anyValue(), where: 'output', anchor: key.key.span } as const;
  const { renderable, refs } = compileRenderable(key.value, options, context);
  if (renderable.isStatic) {
    findings.error(CODES.wrongValue, '`accepted.key` is the same for all', key.value.span, [
      'write what tells one from the others: `"{{order_id}}"`',
    ]);
    return undefined;
  }
  const names = [
    ...listNamesAfterSetup(first.flow, context),
    ...listSteps(first.flow.steps).flatMap(nameOf),
    ...Object.keys(first.step.action.result.keys),
  ];
  checkNames(refs, new Set(names), findings);
  return { ...first, acceptedKey: renderable as Renderable<Value> };
}

function planPlace(
  kind: ReconcileKind,
  { value, key: word }: Field,
  { names, context }: { names: ReadonlySet<string>; context: ReconcileContext },
): ReconcilePlace | undefined {
  const { findings } = context;
  if (value.kind !== 'map') {
    findings.error(CODES.wrongValue, `\`${kind}\`: expected a map, got ${describeNode(value)}`, value.span);
    return undefined;
  }
  const node = kind === 'events' ? withBrokers(value, names) : value;
  const options = { what: `\`${kind}\``, schema: SCHEMAS[kind], where: 'config', anchor: word.span } as const;
  const { renderable, refs, authored } = compileRenderable(node, options, context);
  checkNames(refs, names, findings);
  const { exactly, at_least: least } = (authored ?? {}) as Readonly<Record<string, unknown>>;
  if (exactly !== undefined && least !== undefined)
    findings.error(CODES.wrongValue, `\`${kind}\`: \`exactly\` and \`at_least\` exclude each other`, value.span, [
      'keep one of them',
    ]);
  const keyNode = findEntry(node, 'key')?.value;
  const keyOf = keyNode && compileKey(kind, keyNode, context);
  if (!keyOf) return undefined;
  const count = typeof exactly === 'number' ? exactly : typeof least === 'number' ? least : 1;
  const most = typeof least === 'number' ? Number.POSITIVE_INFINITY : count;
  return { kind, settings: renderable, key: String(toData(keyNode)), keyOf, least: count, most };
}

/** Which brokers is known where the flow has them under the usual name. */
function withBrokers(node: MapNode, names: ReadonlySet<string>): MapNode {
  if (findEntry(node, 'brokers') || !names.has(BROKERS)) return node;
  return replaceEntry(node, 'brokers', makeScalar(`{{${BROKERS}}}`, node.span));
}

function compileKey(kind: ReconcileKind, node: Node, context: ReconcileContext): ReconcilePlace['keyOf'] | undefined {
  const text = node.kind === 'scalar' ? node.text.text : '';
  if (kind === 'rows') return (row) => (isMap(row) ? row[text] : undefined);
  const { findings, functions } = context;
  const span = node.span;
  try {
    const path = compilePath(text, { functions });
    if (path.isDefinite) return (message) => path.look(message, NO_NAMES, NO_TIME);
    findings.error(CODES.path, `\`events.key\`: \`${text}\` may lead to several values`, span, [
      'write a path to one value: `$.value.order_id`',
    ]);
  } catch (error) {
    if (!(error instanceof ExprError)) throw error;
    findings.error(CODES.path, `\`events.key\`: ${error.message}`, span, [
      'write a path in the message: `$.value.order_id`, `$.key`',
    ]);
  }
  return undefined;
}

/** A path to one value reads no names. */
const NO_NAMES: Env = { get: () => undefined, keys: () => [] };
const NO_TIME: Host = { now: () => 0, cpuMs: () => 0 };

function readWithin(fields: Fields, findings: Findings): number {
  const field = fields.get('within');
  if (!field) return DEFAULT_WITHIN_MS;
  const parsed = z.safeParse(duration(), toData(field.value));
  if (parsed.success) return parsed.data;
  findings.error(
    CODES.wrongValue,
    `\`within\`: expected a length of time, got ${describeNode(field.value)}`,
    field.value.span,
    ['for example `within: 30s`'],
  );
  return DEFAULT_WITHIN_MS;
}

/** What is known when setup is over. */
function listNamesAfterSetup(flow: FlowPlan, { givenNames, variables }: ReconcileContext): ReadonlySet<string> {
  const declared = flow.declared.map(({ name }) => name);
  const columns = flow.rows?.[0]?.values.keys() ?? [];
  const made = listSteps(flow.setup).flatMap(nameOf);
  return new Set([...declared, ...columns, ...made, ...givenNames, ...variables, ...BUILTIN_NAMES.keys(), 'steps']);
}

function nameOf({ id, provides }: StepPlan): readonly string[] {
  return [id, ...provides];
}

function checkNames(refs: readonly NameRef[], known: ReadonlySet<string>, findings: Findings): void {
  for (const { name, span } of refs) {
    if (known.has(name)) continue;
    const nearest = findNearest(name, [...known]);
    const help =
      nearest === undefined
        ? 'what is known is what the flow declares, and what its setup captures'
        : `did you mean \`${nearest}\`?`;
    findings.error(CODES.unknownName, `unknown name \`${name}\``, span, [help]);
  }
}

/** The flow with the key at the step whose things are accepted. */
function markStep(flow: FlowPlan, wanted: StepPlan, acceptedKey: Renderable<Value>): FlowPlan {
  const mark = (step: StepPlan): StepPlan => {
    if (step === wanted) return { ...step, acceptedKey };
    const isAround = listSteps(step.children).includes(wanted);
    return isAround ? { ...step, children: step.children.map(mark) } : step;
  };
  return { ...flow, steps: flow.steps.map(mark) };
}
