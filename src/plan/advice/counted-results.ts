import { compile, ExprError, type Node } from '../../expr/index.ts';
import { isExpressionAt } from '../../model/expression-at.ts';
import type { CapturePlan } from '../../model/plan.ts';
import type { TextAt } from '../../model/source-file.ts';
import { childrenAndCleanups, listPhases, listSteps, ownChildren } from '../../model/walk-steps.ts';
import type { PlannedFlow } from '../flow/plan-flow.ts';
import { listJudgements } from '../names/judgements.ts';
import type { PlannedStep } from '../read/context.ts';
import { CODES, type Findings } from '../read/findings.ts';
import { findGrowthRead, type Growth, readsGrowth } from './growth-reads.ts';
import { listJudgedSteps } from './judged-steps.ts';

/** An expression at its place, and whether it has to be true. */
interface Read {
  readonly ast: Node;
  readonly text: TextAt;
  readonly isCondition: boolean;
}

/** Marks the steps that end as soon as they have enough though the flow asks how many there are, and warns of them. */
export function markCountedResults(flow: PlannedFlow, findings: Findings): void {
  const phases = listPhases(flow);
  if (!listSteps(phases, childrenAndCleanups).some(({ foresight }) => foresight.grows)) return;
  const cleanups = listSteps(phases, ownChildren).flatMap(({ cleanup = [] }) => cleanup);
  const judged = listJudgedSteps(flow, [...phases, ...cleanups]).filter(
    ({ step }) => step.foresight.grows && !step.expectsError,
  );
  const elsewhere = listReadsElsewhere(flow);
  for (const { step, judges } of judged) {
    const own = judges.flatMap((judge) => listReads(judge, judge !== step));
    const found =
      findRead(
        own,
        createGrowth(step, (node) => readOwnKey(node, step)),
      ) ??
      findRead(
        [...elsewhere, ...own],
        createGrowth(step, (node) => readKeyById(node, step)),
      );
    if (!found) continue;
    step.uses.isCounted = true;
    warnCounted(step, found, findings);
  }
}

function warnCounted({ id }: PlannedStep, { node, text }: { node: Node; text: TextAt }, findings: Findings): void {
  const { offset, length } = node;
  const written = text.text.slice(offset, offset + length);
  const message = `\`${written}\` asks how many there are, and \`${id}\` ends as soon as there are enough: it looks on for a moment`;
  findings.warn(CODES.countedPastEnd, message, text.locate(offset, length), [
    `say it in the \`config\` of \`${id}\`: \`exactly: true\`, or \`count: {min: …, max: …}\``,
  ]);
}

function createGrowth({ foresight, action }: PlannedStep, keyOf: Growth['keyOf']): Growth {
  const { list = '', number = '' } = action.result.items ?? {};
  return { keyOf, list, keys: foresight.grows ?? [], atLeast: foresight.bounds?.[number]?.atLeast ?? 1 };
}

function findRead(reads: readonly Read[], growth: Growth): { readonly node: Node; readonly text: TextAt } | undefined {
  for (const { ast, text, isCondition } of reads) {
    const node = isCondition ? findGrowthRead(ast, growth) : readsGrowth(ast, growth) ? ast : undefined;
    if (node) return { node, text };
  }
  return undefined;
}

/** What asks for a result where its keys are names: assertions and captures, and what a control judges it by. */
function listReads(step: PlannedStep, isControl: boolean): readonly Read[] {
  const conditions = [...step.assert, ...(isControl ? listJudgements(step) : [])];
  return [
    ...conditions.map(({ expression, text }): Read => ({ ast: expression.ast, text, isCondition: true })),
    ...step.output.flatMap(readCapture),
  ];
}

/** All expressions of a flow that may name a step, but for texts with placeholders: what they write judges nothing. */
function listReadsElsewhere(flow: PlannedFlow): readonly Read[] {
  const steps = listSteps(listPhases(flow), (step) => (step.calls ? (step.cleanup ?? []) : childrenAndCleanups(step)));
  const reads = steps.flatMap((step) => [
    ...listReads(step, false),
    ...[step.when, step.authored].flatMap(listExpressions),
  ]);
  return [...reads, ...(flow.output ?? []).flatMap(readCapture)];
}

function listExpressions(value: unknown): readonly Read[] {
  if (typeof value !== 'object' || value === null) return [];
  if (isExpressionAt(value)) return [{ ast: value.expression.ast, text: value.text, isCondition: true }];
  return Object.values(value).flatMap(listExpressions);
}

/** What a capture takes, as an expression: of a path the key that it begins with, and the position behind it. */
function readCapture({ text }: CapturePlan): readonly Read[] {
  const [, key = '', position = ''] = /^\$\.?\[?['"]?(\w+)['"]?\]?(\[\d+\])?/.exec(text.text) ?? [];
  try {
    const source = text.text.startsWith('$') ? `${key}${position}` : text.text;
    return source === '' ? [] : [{ ast: compile(source, { placeholders: true }).ast, text, isCondition: false }];
  } catch (error) {
    // A regular expression, or a function that flows add: what it reads is what assertions read, if anything.
    if (error instanceof ExprError) return [];
    throw error;
  }
}

function readOwnKey(node: Node, { resultKinds }: PlannedStep): string | undefined {
  return node.kind === 'name' && resultKinds.has(node.name) ? node.name : undefined;
}

/** `wait.count`, `steps["wait"].count`. */
function readKeyById(given: Node, { id, address }: PlannedStep): string | undefined {
  const node = unchain(given);
  const key = readMember(node);
  if (key === undefined || (node.kind !== 'member' && node.kind !== 'index')) return undefined;
  const object = unchain(node.object);
  if (object.kind === 'name') return object.name === id ? key : undefined;
  const named = object.kind === 'member' || object.kind === 'index' ? unchain(object.object) : undefined;
  if (named?.kind !== 'name' || named.name !== 'steps') return undefined;
  const step = readMember(object);
  return step === id || step === address ? key : undefined;
}

function readMember(node: Node): string | undefined {
  if (node.kind === 'member') return node.name;
  const { index } = node.kind === 'index' ? node : { index: undefined };
  return index?.kind === 'literal' && typeof index.value === 'string' ? index.value : undefined;
}

function unchain(node: Node): Node {
  return node.kind === 'chain' ? unchain(node.body) : node;
}
