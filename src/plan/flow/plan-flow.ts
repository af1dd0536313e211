import * as z from 'zod/mini';
import { ExactNumber } from '../../expr/index.ts';
import type { Phase } from '../../model/phase.ts';
import type { FlowPlan, NameRef, Renderable } from '../../model/plan.ts';
import { timeLimit } from '../../model/settings.ts';
import type { Span } from '../../model/source-file.ts';
import type { MapNode, Node } from '../../source/yaml/node.ts';
import { compileRenderable } from '../compile/renderable.ts';
import { explainOtherFlowKey } from '../foreign/words.ts';
import type { PlanContext, PlannedStep, PlannedVariable } from '../read/context.ts';
import { describeNode, readList, readMap, readText, readTexts } from '../read/fields.ts';
import { CODES } from '../read/findings.ts';
import { nameFlow } from '../read/flow-library.ts';
import { type Field, type Fields, FLOW_KEYS, isNothing, readFields } from '../read/keys.ts';
import { readSkip } from '../read/read-skip.ts';
import { readFlowTrace } from '../read/read-trace.ts';
import { withWatchKeys } from '../read/watch-keys.ts';
import { planAgree } from './plan-agree.ts';
import { planCaptures } from './plan-captures.ts';
import { reportDuplicate } from './plan-children.ts';
import { planRows } from './plan-rows.ts';
import { planStep } from './plan-step.ts';
import { planVariables } from './plan-variables.ts';
import { planUnasked, planWatches } from './plan-watches.ts';
import { readTags } from './read-tags.ts';

const NAME = z.union([z.string(), z.number(), z.instanceof(ExactNumber)]);

export interface PlannedFlow extends FlowPlan {
  readonly declared: readonly PlannedVariable[];
  readonly setup: readonly PlannedStep[];
  readonly steps: readonly PlannedStep[];
  readonly teardown: readonly PlannedStep[];
  readonly watches?: readonly PlannedStep[] | undefined;
  /** Names that the flow itself reads, outside of its steps: `output`, `timeout`. */
  readonly refs: readonly NameRef[];
  /** Names that its own name is made of. */
  readonly nameRefs: readonly NameRef[];
  /** Columns of its data. */
  readonly columns: readonly string[];
  /** Whether it may declare more variables than could be read. */
  readonly isPartial: boolean;
  readonly idSpan: Span | undefined;
}

/** Plans one document; undefined when it is not a flow at all (the finding is reported). */
export function planFlow(
  root: Node,
  position: { index: number; count: number },
  fileContext: PlanContext,
): PlannedFlow | undefined {
  const context = { ...fileContext, root };
  const { findings, file } = context;
  const node = unwrap(root, context);
  if (!node) return undefined;
  const fields = readFields(
    node,
    { table: withWatchKeys(FLOW_KEYS, context.actions), what: 'a flow', isOwnWord, explain: explainOtherFlowKey },
    findings,
  );
  const name = planName(fields, node, context);
  const refs: NameRef[] = [];
  const { variables, isPartial } = planVariables(fields, context);
  const timeout = fields.get('timeout')?.value;
  const timeoutMs =
    timeout && compileRenderable(timeout, { what: 'timeout', schema: timeLimit(), where: 'timeout' }, context);
  refs.push(...(timeoutMs?.refs ?? []));
  const data = planRows(fields.get('data'), { namesSecrets: fields.get('secrets') !== undefined, ...context });
  const setup = planPhase(fields.get('setup'), 'setup', context);
  const steps = planPhase(fields.get('steps'), 'steps', context);
  const teardown = planPhase(fields.get('teardown'), 'teardown', context);
  if (steps.length === 0) reportNoSteps(fields, node, context);
  const id = readText(fields.get('id'), findings) ?? nameFlow(file.path, position);
  const watching = planWatching(fields, id, context);
  const flow = { steps: [...setup, ...steps], variables, columns: data?.columns ?? [] };
  const agree = planAgree(fields, { context, flowId: id, flow });
  refs.push(...(agree?.refs ?? []));
  const output = fields.get('output');
  const captures = output && planCaptures(readMap(output, findings), { resultNames: new Set(), refs, ...context });
  return {
    id,
    ...name,
    description: readText(fields.get('description'), findings),
    suite: readText(fields.get('suite'), findings),
    tags: readTags(fields.get('tags'), findings),
    skip: readSkip(fields.get('skip'), 'flow', findings),
    file,
    span: fields.get('name')?.value.span ?? node.span,
    declared: variables,
    rows: data?.rows,
    columns: data?.columns ?? [],
    serial: readText(fields.get('serial'), findings),
    trace: readFlowTrace(fields.get('trace'), findings),
    agree: agree?.plan,
    isPartial: isPartial || (data?.isPartial ?? false) || fields.misspelt.has('data'),
    idSpan: fields.get('id')?.value.span,
    secrets: readTexts(fields.get('secrets'), findings),
    timeoutMs: timeoutMs?.renderable as Renderable<number> | undefined,
    setup,
    steps,
    teardown,
    ...watching,
    output: captures,
    refs,
  };
}

/** The flow's mapping, out of its `flow:` wrapper. */
function unwrap(root: Node, context: PlanContext): MapNode | undefined {
  const { findings } = context;
  if (root.kind !== 'map') {
    const help = 'a flow file has `name:` and `steps:`, with or without `flow:` around them';
    findings.error(CODES.wrongValue, `expected a flow (a map), got ${describeNode(root)}`, root.span, [help]);
    return undefined;
  }
  const wrapper = root.entries.find((entry) => entry.key.text.text === 'flow');
  if (!wrapper) return root;
  for (const { key } of root.entries) {
    if (key === wrapper.key || isOwnWord(key.text.text)) continue;
    const message = `\`${key.text.text}\` is beside \`flow\`, where it is not read`;
    findings.error(CODES.unknownKey, message, key.span, ['move it below `flow:`']);
  }
  if (wrapper.value.kind === 'map') return wrapper.value;
  const message = `\`flow\`: expected a map with \`name\` and \`steps\`, got ${describeNode(wrapper.value)}`;
  findings.error(CODES.wrongValue, message, isNothing(wrapper.value) ? wrapper.key.span : wrapper.value.span);
  return undefined;
}

/** `x-common: &common {…}`: as in Compose files and OpenAPI, for anchors. */
function isOwnWord(word: string): boolean {
  return word.startsWith('x-');
}

/** The name, with its placeholders where it has any. */
function planName(
  fields: Fields,
  node: MapNode,
  context: PlanContext,
): Pick<PlannedFlow, 'name' | 'nameTemplate' | 'nameRefs'> {
  const name = readName(fields, node, context);
  const field = fields.get('name');
  if (field?.value.kind !== 'scalar' || typeof field.value.value !== 'string' || name === '')
    return { name, nameRefs: [] };
  const compiled = compileRenderable(field.value, { what: 'name', schema: NAME, where: 'name' }, context);
  const { authored, refs } = compiled;
  const renderable = compiled.renderable as Renderable<string | number>;
  // One without a placeholder may have an escape to lose.
  if (renderable.isStatic) return { name: typeof authored === 'string' ? authored : name, nameRefs: [] };
  return { name, nameTemplate: renderable, nameRefs: refs };
}

function readName(fields: Fields, node: MapNode, context: PlanContext): string {
  const { findings } = context;
  const field = fields.get('name');
  const name = readText(field, findings);
  if (name?.trim()) return name;
  const empty = field?.value.span ?? fields.empty.get('name');
  const help = ['for example `name: "Order is placed"`'];
  if (name !== undefined || (empty && !field))
    findings.error(CODES.missingKey, '`name` is empty', empty ?? node.span, help);
  else if (!field && !fields.misspelt.has('name'))
    findings.error(CODES.missingKey, 'a flow needs `name`', node.entries[0]?.key.span ?? node.span, help);
  return '';
}

function planPhase(field: Field | undefined, phase: Phase, context: PlanContext): PlannedStep[] {
  const list = readList(field, context.findings);
  const planned: PlannedStep[] = [];
  const seen = new Map<string, PlannedStep>();
  for (const [index, item] of (list?.items ?? []).entries()) {
    if (item.kind !== 'map') {
      context.findings.error(
        CODES.wrongValue,
        `\`${phase}\`: expected a step (a map), got ${describeNode(item)}`,
        item.span,
        ['a step is a map with `action:` and `config:`'],
      );
      continue;
    }
    const prefix = `${context.prefix}${phase === 'steps' ? '' : `${phase}/`}`;
    const step = planStep(item, { phase, number: index + 1, prefix }, context);
    const twin = seen.get(step.id);
    if (twin) reportDuplicate(step, twin, phase, context.findings);
    seen.set(step.id, step);
    planned.push(step);
  }
  return planned;
}

/** What watches the steps, and what may look at them. */
function planWatching(
  fields: Fields,
  flowId: string,
  context: PlanContext,
): Pick<PlannedFlow, 'watches' | 'planUnasked'> {
  const place = { phase: 'steps', number: 1, prefix: '' } as const;
  const planning = { context, flowId, place, prefix: `${context.prefix}steps/`, planStep };
  const watches = planWatches(fields, planning);
  return { watches, planUnasked: () => planUnasked(watches, planning) };
}

/** Reports that there is no step, unless what stands there is no step and that is reported. */
function reportNoSteps(fields: Fields, node: MapNode, context: PlanContext): void {
  const field = fields.get('steps');
  if (fields.misspelt.has('steps') || (field && !(field.value.kind === 'seq' && field.value.items.length === 0)))
    return;
  const empty = field?.key.span ?? fields.empty.get('steps');
  const message = empty ? '`steps` is empty' : 'a flow needs `steps`';
  const span = empty ?? node.entries[0]?.key.span ?? node.span;
  context.findings.error(CODES.missingKey, message, span, [
    'a flow has at least one step: a map with `action:` and `config:`',
  ]);
}
