import * as z from 'zod/mini';
import type { ActionDefinition } from '../model/action.ts';
import type { AssertionPlan, NameRef, Renderable, RetryPolicy } from '../model/plan.ts';
import { duration } from '../model/settings.ts';
import type { MapNode, Node } from '../source/node.ts';
import { findNearest, listNames } from '../util/suggest.ts';
import type { PlanContext, PlannedStep, StepPlace } from './context.ts';
import { describeNode, readBool, readMap, readText } from './fields.ts';
import { CODES } from './findings.ts';
import { type Field, LATER_ACTIONS, readFields, STEP_KEYS } from './keys.ts';
import { planAction } from './plan-action.ts';
import { planCaptures } from './plan-captures.ts';
import { compileRenderable } from './renderable.ts';
import { compileExpressionNode, findNameRefs } from './texts.ts';

const ID = /^[A-Za-z_][A-Za-z0-9_-]*$/;

const RETRY = z.pipe(
  z.strictObject({
    max_attempts: z.int().check(z.minimum(1)),
    delay: z.optional(duration()),
    backoff: z.optional(z.enum(['fixed', 'linear', 'exponential'])),
    max_delay: z.optional(duration()),
    jitter: z.optional(z.union([z.boolean(), z.number().check(z.minimum(0), z.maximum(1))])),
  }),
  z.transform(
    (retry): RetryPolicy => ({
      maxAttempts: retry.max_attempts,
      delayMs: retry.delay ?? 1000,
      backoff: retry.backoff ?? 'fixed',
      maxDelayMs: retry.max_delay,
      jitter: typeof retry.jitter === 'number' ? retry.jitter : retry.jitter ? 0.5 : 0,
    }),
  ),
);

/** Plans one step; what is wrong is told, and the rest is planned all the same so that later findings are right. */
export function planStep(node: MapNode, place: StepPlace, context: PlanContext): PlannedStep {
  const { findings } = context;
  const fields = readFields(node, STEP_KEYS, 'a step', findings);
  const id = readId(fields.get('id'), place, context);
  const address = place.parent ? `${place.parent}>${id}` : place.phase === 'steps' ? id : `${place.phase}/${id}`;
  const action = readAction(node, fields.get('action'), context);
  const planned = planAction({ action: action ?? UNKNOWN_ACTION, node, fields, address, place, planStep }, context);
  const refs: NameRef[] = [...planned.refs];
  const expectsError = readBool(fields.get('expect_error'), false, findings);
  const resultNames = expectsError ? new Set(['error']) : planned.resultNames;
  const isBroken = action === undefined;
  const assert = [
    ...planAssertions(fields.get('assert')?.value, 'assert', { resultNames, refs, isBroken }, context),
    ...planAssertions(planned.assertions, 'assertions', { resultNames, refs, isBroken }, context),
  ];
  const outputRefs: NameRef[] = [];
  const output = planCaptures(readMap(fields.get('output'), findings), { ...context, resultNames, refs: outputRefs });
  if (!isBroken) refs.push(...outputRefs);
  const settings = planSettings(fields, refs, context);
  const children = planned.children;
  return {
    address,
    phase: place.phase,
    id,
    span: fields.get('id')?.value.span ?? fields.get('action')?.value.span ?? node.span,
    action: action ?? UNKNOWN_ACTION,
    config: planned.config,
    preparation: planned.preparation,
    ...settings,
    assert,
    output,
    expectsError,
    children,
    needs: [...refs, ...children.flatMap((child) => child.needs)],
    provides: [
      ...planned.provides,
      ...output.map((capture) => capture.name),
      ...children.flatMap((child) => child.provides),
    ],
    isBroken,
    resultNames,
    authored: planned.authored,
    fields,
  };
}

const UNKNOWN_ACTION: ActionDefinition = {
  name: 'unknown',
  summary: '',
  config: z.unknown(),
  result: [],
  judges: true,
  run: () => Promise.resolve({ result: {}, summary: '' }),
};

function readId(field: Field | undefined, place: StepPlace, context: PlanContext): string {
  const fallback = `step_${place.number}`;
  const id = readText(field, context.findings);
  if (id === undefined || !field) return fallback;
  if (ID.test(id)) return id;
  const help = 'an id is letters, digits, `_` and `-`, and begins with a letter or `_`';
  context.findings.error(CODES.badId, `\`${id}\` cannot be a step's id`, field.value.span, [help]);
  return fallback;
}

function readAction(node: MapNode, field: Field | undefined, context: PlanContext): ActionDefinition | undefined {
  const { findings, actions } = context;
  const name = readText(field, findings);
  if (name === undefined || !field) {
    if (!field)
      findings.error(CODES.missingKey, 'a step needs `action`', node.entries[0]?.key.span ?? node.span, [
        `actions are ${listActions(actions)}`,
      ]);
    return undefined;
  }
  const action = actions.get(name);
  if (action) return action;
  if (LATER_ACTIONS.includes(name)) {
    findings.error(
      CODES.notInThisVersion,
      `\`${name}\` is not in this version: it comes with a later version`,
      field.value.span,
      [`actions are ${listActions(actions)}`],
    );
    return undefined;
  }
  const nearest = findNearest(name, actions.keys());
  const help = nearest ? `did you mean \`${nearest}\`?` : `actions are ${listActions(actions)}`;
  findings.error(CODES.unknownAction, `unknown action \`${name}\``, field.value.span, [help]);
  return undefined;
}

function listActions(actions: ReadonlyMap<string, ActionDefinition>): string {
  return listNames([...new Set([...actions.values()].map((action) => action.name))], 20);
}

interface AssertionScope {
  readonly resultNames: ReadonlySet<string>;
  readonly refs: NameRef[];
  readonly isBroken: boolean;
}

/** Compiles a list of assertions: expressions, or `{expression, message}`; a single text is a list of one. */
function planAssertions(
  node: Node | undefined,
  what: string,
  scope: AssertionScope,
  context: PlanContext,
): AssertionPlan[] {
  if (!node) return [];
  const assertions: AssertionPlan[] = [];
  for (const item of node.kind === 'seq' ? node.items : [node]) {
    const assertion =
      item.kind === 'map'
        ? planLongAssertion(item, what, scope, context)
        : compileExpressionNode(item, `an assertion in \`${what}\``, context);
    if (!assertion) continue;
    if (!scope.isBroken)
      scope.refs.push(...findNameRefs(assertion.expression, assertion.text, 'assert', scope.resultNames));
    assertions.push(assertion);
  }
  return assertions;
}

function planLongAssertion(
  map: MapNode,
  what: string,
  scope: AssertionScope,
  context: PlanContext,
): AssertionPlan | undefined {
  const fields = readFields(map, { expression: true, message: true }, 'an assertion', context.findings);
  const source = fields.get('expression');
  if (!source) {
    if (fields.size > 0 || map.entries.length === 0)
      context.findings.error(CODES.missingKey, `an assertion in \`${what}\` needs \`expression\``, map.span);
    return undefined;
  }
  const expression = compileExpressionNode(source.value, '`expression`', context);
  const message = fields.get('message');
  if (!expression || !message) return expression;
  const compiled = compileRenderable(message.value, { what: 'message', schema: z.string(), where: 'assert' }, context);
  if (!scope.isBroken) scope.refs.push(...compiled.refs.filter((ref) => !scope.resultNames.has(ref.name)));
  return { ...expression, message: compiled.renderable as Renderable<string> };
}

/** The step's own settings beside its action's. */
function planSettings(fields: ReadonlyMap<string, Field>, refs: NameRef[], context: PlanContext) {
  const { findings } = context;
  const whenField = fields.get('when');
  const when = whenField && compileExpressionNode(whenField.value, '`when`', context);
  if (when) refs.push(...findNameRefs(when.expression, when.text, 'when'));
  const compileField = (key: 'name' | 'retry' | 'timeout', schema: z.ZodMiniType) => {
    const field = fields.get(key);
    if (!field) return undefined;
    const compiled = compileRenderable(field.value, { what: key, schema, where: key, anchor: field.key.span }, context);
    refs.push(...compiled.refs);
    return compiled.renderable;
  };
  return {
    when,
    skip: readText(fields.get('skip'), findings),
    name: compileField('name', z.union([z.string(), z.number()])) as Renderable<string> | undefined,
    retry: compileField('retry', RETRY) as Renderable<RetryPolicy> | undefined,
    timeoutMs: compileField('timeout', duration()) as Renderable<number> | undefined,
    onError: readOnError(fields.get('on_error'), context),
  };
}

function readOnError(field: Field | undefined, context: PlanContext): 'fail' | 'continue' {
  if (!field) return 'fail';
  const node =
    field.value.kind === 'map'
      ? readFields(field.value, { action: true }, '`on_error`', context.findings).get('action')?.value
      : field.value;
  const word = node?.kind === 'scalar' ? node.text.text : undefined;
  if (word === 'fail' || word === 'continue') return word;
  const got = node ? describeNode(node) : 'a map without `action`';
  context.findings.error(
    CODES.wrongValue,
    `\`on_error\`: expected \`fail\` or \`continue\`, got ${got}`,
    field.value.span,
  );
  return 'fail';
}
