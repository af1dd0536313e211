import { compile, ExprError, type FunctionDef, type Node } from '../../expr/index.ts';
import { isExpressionAt } from '../../model/expression-at.ts';
import type { TextAt } from '../../model/source-file.ts';
import { childrenAndCleanups, listPhases, listSteps, ownChildren } from '../../model/walk-steps.ts';
import type { PlannedFlow } from '../flow/plan-flow.ts';
import { listJudgements } from '../names/judgements.ts';
import type { PlannedStep } from '../read/context.ts';
import { CODES, type Findings } from '../read/findings.ts';
import type { TextContext } from '../read/texts.ts';
import { findGrowthRead, type Growth, readsGrowth } from './growth-reads.ts';
import { listJudgedSteps } from './judged-steps.ts';

/** An expression at its place, and whether it has to be true. */
interface Read {
  readonly ast: Node;
  readonly text: TextAt;
  readonly isCondition: boolean;
}

type Functions = ReadonlyMap<string, FunctionDef>;

/** Marks the steps that end as soon as they have enough though the flow asks how many there are, and warns of them. */
export function markCountedResults(flow: PlannedFlow, { functions, findings }: TextContext): void {
  const phases = listPhases(flow);
  if (!listSteps(phases, childrenAndCleanups).some(({ foresight }) => foresight.grows)) return;
  const cleanups = listSteps(phases, ownChildren).flatMap(({ cleanup = [] }) => cleanup);
  const judged = listJudgedSteps(flow, [...phases, ...cleanups]).filter(
    ({ step }) => step.foresight.grows && !step.expectsError,
  );
  const elsewhere = listReadsElsewhere(flow, functions);
  for (const { step, judges } of judged) {
    const own = judges.flatMap((judge) => listReads(judge, functions, judge !== step));
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
  // What a path takes is read as an expression of its own.
  const { offset, length } = isPath(text) ? { offset: 0, length: text.text.length } : node;
  const written = text.text.slice(offset, offset + length);
  const message = `\`${written}\` asks how many there are, but \`${id}\` ends as soon as there are enough: it keeps looking for a moment`;
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
function listReads(step: PlannedStep, functions: Functions, isControl = false): readonly Read[] {
  const conditions = [...step.assert, ...(isControl ? listJudgements(step) : [])];
  return [
    ...conditions.map(({ expression, text }): Read => ({ ast: expression.ast, text, isCondition: true })),
    ...step.output.flatMap(({ text }) => readCapture(text, functions)),
  ];
}

/** What may ask for the result of another step: expressions, and what loops go over; other placeholders judge nothing. */
function listReadsElsewhere(flow: PlannedFlow, functions: Functions): readonly Read[] {
  const steps = listSteps(listPhases(flow), (step) => (step.calls ? (step.cleanup ?? []) : childrenAndCleanups(step)));
  const reads = steps.flatMap((step) => [
    ...listReads(step, functions),
    ...[step.when, step.authored].flatMap(listExpressions),
    ...(step.bindings.length > 0 ? listLoopedOver(step, functions) : []),
  ]);
  return [...reads, ...(flow.output ?? []).flatMap(({ text }) => readCapture(text, functions))];
}

function listExpressions(value: unknown): readonly Read[] {
  if (typeof value !== 'object' || value === null) return [];
  if (isExpressionAt(value)) return [{ ast: value.expression.ast, text: value.text, isCondition: true }];
  return Object.values(value).flatMap(listExpressions);
}

/** The placeholders that stand alone in the settings of a loop. */
function listLoopedOver({ authored, config }: PlannedStep, functions: Functions): readonly Read[] {
  return Object.entries(Object(authored)).flatMap(([key, text]): readonly Read[] => {
    if (typeof text !== 'string' || !text.startsWith('{{')) return [];
    const span = config.spanAt([key]);
    return readSource(text, { text, span, locate: () => span }, functions);
  });
}

/** What a capture takes, as an expression: of a path the key that it begins with, and the position behind it. */
function readCapture(text: TextAt, functions: Functions): readonly Read[] {
  const [, key = '', position = ''] = /^\$\.?\[?['"]?(\w+)['"]?\]?(\[\d+\])?/.exec(text.text) ?? [];
  return readSource(isPath(text) ? `${key}${position}` : text.text, text, functions);
}

function readSource(source: string, text: TextAt, functions: Functions): readonly Read[] {
  try {
    return source === ''
      ? []
      : [{ ast: compile(source, { functions, placeholders: true }).ast, text, isCondition: false }];
  } catch (error) {
    // A regular expression, or several placeholders.
    if (error instanceof ExprError) return [];
    throw error;
  }
}

function isPath({ text }: TextAt): boolean {
  return text.startsWith('$');
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
