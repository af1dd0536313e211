import * as z from 'zod/mini';
import { ExactNumber } from '../../expr/index.ts';
import type { ActionDefinition } from '../../model/action/definition.ts';
import { hasTrait } from '../../model/action/traits.ts';
import type { NameRef, Renderable, RetryPolicy } from '../../model/plan.ts';
import { duration, timeLimit } from '../../model/settings.ts';
import type { MapNode } from '../../source/yaml/node.ts';
import { compileRenderable } from '../compile/renderable.ts';
import { lowerWait } from '../lower/lower-waits.ts';
import { listOutsideNeeds } from '../names/outside-needs.ts';
import { splitRoundRefs } from '../names/round-refs.ts';
import type { CalledFlow, PlanContext, PlannedStep, ResultKinds, StepPlace } from '../read/context.ts';
import { describeNode, readMap, readText } from '../read/fields.ts';
import { CODES } from '../read/findings.ts';
import { type Field, type Fields, readFields, STEP_KEYS } from '../read/keys.ts';
import { readSkip } from '../read/read-skip.ts';
import { compileExpressionNode, findNameRefs } from '../read/texts.ts';
import { withWatchKeys } from '../read/watch-keys.ts';
import { planAwaited } from './awaited-words.ts';
import { type ActionPlan, planAction } from './plan-action.ts';
import { planAssertions } from './plan-assertions.ts';
import { planCaptures } from './plan-captures.ts';
import { planCleanup } from './plan-cleanup.ts';
import { planExpectedError } from './plan-expected-error.ts';
import { planRecord } from './plan-record.ts';
import { planThink } from './plan-think.ts';
import { planWatches } from './plan-watches.ts';
import { explainStepKey, listSettings, readAction, UNKNOWN_ACTION } from './read-action.ts';

const ID = /^[A-Za-z_][A-Za-z0-9_-]*$/;

/** The result of a step that must fail. */
const ERROR_KINDS: ResultKinds = new Map([['error', 'map']]);
const NAME = z.union([z.string(), z.number(), z.instanceof(ExactNumber)]);
const TIMEOUT = timeLimit();

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

/** Plans one step; what is wrong is reported, and the rest is planned all the same so that later findings are right. */
export function planStep(authored: MapNode, place: StepPlace, context: PlanContext): PlannedStep {
  const { node, isBroken: isBrokenWait } = lowerWait(authored, context);
  const fields = readFields(node, describeKeys(authored, context), context.findings);
  const id = readId(fields.get('id'), place, context);
  const address = `${place.prefix}${id}`;
  const action = (isBrokenWait ? undefined : readAction(node, fields, context)) ?? UNKNOWN_ACTION;
  const misplaced = findMisplaced(node, fields, action);
  const planned = planAction({ action, node, fields, address, place, misplaced, planStep }, context);
  const isBroken = action === UNKNOWN_ACTION || planned.isBroken;
  const judged = planJudgement(fields, { planned, isBroken }, context);
  const refs = [...planned.refs, ...judged.refs];
  const { when, skip, name, retry, timeoutMs, think, onError } = planSettings(fields, refs, context);
  const { children, calls, bindings } = planned;
  const { around, inRounds } = splitRoundRefs(action, refs, { children, bindings });
  const ownProvides = [...planned.provides, ...judged.output.map((capture) => capture.name)];
  const below = calls ? [] : children;
  return {
    address,
    phase: place.phase,
    id,
    span: fields.get('id')?.value.span ?? fields.get('action')?.value.span ?? node.span,
    extent: authored.span,
    action,
    config: planned.config,
    preparation: planned.preparation,
    when,
    skip: skip ?? describeSkippedCall(calls),
    name,
    retry,
    timeoutMs,
    think,
    record: judged.record,
    onError,
    assert: judged.assert,
    output: judged.output,
    expectsError: judged.expectsError,
    expectedError: judged.expectedError,
    children,
    group: place.group,
    calls,
    inputs: planned.inputs,
    watches: planWatches(fields, { context, place, prefix: `${address}/`, planStep }),
    cleanup: planCleanup(fields.get('cleanup'), { address, place }, { context, planStep }),
    ownNeeds: around,
    roundNeeds: inRounds,
    needs: [...around, ...listOutsideNeeds(action, { children: below, bindings })],
    ownProvides,
    provides: [...ownProvides, ...below.flatMap((child) => child.provides)],
    bindings,
    isBroken,
    resultKinds: judged.expectsError ? ERROR_KINDS : planned.resultKinds,
    hasOpenResult: planned.hasOpenResult && !judged.expectsError,
    foresight: planned.foresight,
    mentions: planned.mentions,
    uses: { isCounted: false, isWriting: isWriting(action, planned.authored) },
    listAwaited: planAwaited({ action, children, retry, authored: planned.authored, assert: judged.assert }),
    authored: planned.authored,
    fields,
  };
}

/** What neither looks, nor waits, nor stays in the run, and holds no other steps. */
function isWriting({ traits, preparation, control }: ActionDefinition, authored: unknown): boolean {
  const isAtRest =
    traits?.isLocal || traits?.isFixedWait || control !== undefined || preparation?.prepare !== undefined;
  return !isAtRest && !hasTrait(traits?.isLook, authored);
}

function describeKeys(authored: MapNode, context: PlanContext) {
  const table = withWatchKeys(STEP_KEYS, context.actions);
  return { table, what: 'a step', explain: explainStepKey(authored, context) };
}

/** What is expected of the result, and what is taken from it. */
function planJudgement(
  fields: Fields,
  { planned, isBroken }: { planned: ActionPlan; isBroken: boolean },
  context: PlanContext,
) {
  const { findings } = context;
  const refs: NameRef[] = [];
  const expected = planExpectedError(fields.get('expect_error'), refs, context);
  const resultNames = new Set((expected.expectsError ? ERROR_KINDS : planned.resultKinds).keys());
  const scope = { resultNames, refs, isBroken };
  const assert = [
    ...planAssertions(fields.get('assert')?.value, { what: 'assert', ...scope }, context),
    ...planAssertions(planned.assertions, { what: 'assertions', ...scope }, context),
  ];
  const outputRefs: NameRef[] = [];
  const output = planCaptures(readMap(fields.get('output'), findings), { resultNames, refs: outputRefs, ...context });
  const own = new Set([...resultNames, ...output.map((capture) => capture.name)]);
  const record = planRecord(fields.get('record'), { context, own, refs: outputRefs });
  if (!isBroken) refs.push(...outputRefs);
  return { assert, output, record, refs, ...expected };
}

/** A flow that is skipped is not called either. */
function describeSkippedCall(calls: CalledFlow | undefined): string | undefined {
  return calls?.skip === undefined ? undefined : `the flow "${calls.name}" is skipped: ${calls.skip}`;
}

/** Settings of the action that stand beside `config`. */
function findMisplaced(node: MapNode, fields: Fields, action: ActionDefinition): ReadonlySet<string> {
  if (action === UNKNOWN_ACTION || !fields.hasUnknown) return new Set();
  const settings = listSettings(action);
  const words = node.entries.map(({ key }) => key.text.text);
  return new Set(words.filter((word) => settings.has(word) && !Object.hasOwn(STEP_KEYS, word)));
}

function readId(field: Field | undefined, place: StepPlace, context: PlanContext): string {
  const fallback = place.defaultId ?? `step_${place.number}`;
  const id = readText(field, context.findings);
  if (id === undefined || !field) return fallback;
  if (ID.test(id)) return id;
  const help = 'an id is letters, digits, `_` and `-`, and begins with a letter or `_`';
  context.findings.error(CODES.badId, `\`${id}\` cannot be a step's id`, field.value.span, [help]);
  return fallback;
}

/** The step's own settings beside its action's. */
function planSettings(fields: Fields, refs: NameRef[], context: PlanContext) {
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
    skip: readSkip(fields.get('skip'), 'step', findings),
    name: compileField('name', NAME) as Renderable<string> | undefined,
    retry: compileField('retry', RETRY) as Renderable<RetryPolicy> | undefined,
    timeoutMs: compileField('timeout', TIMEOUT) as Renderable<number> | undefined,
    think: planThink(fields.get('think'), context),
    onError: readOnError(fields.get('on_error'), context),
  };
}

function readOnError(field: Field | undefined, context: PlanContext): 'fail' | 'continue' {
  if (!field) return 'fail';
  const node =
    field.value.kind === 'map'
      ? readFields(field.value, { table: { action: 'needed' }, what: '`on_error`' }, context.findings).get('action')
          ?.value
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
