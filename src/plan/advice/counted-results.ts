import { compile, ExprError, type FunctionDef, type Node } from '../../expr/index.ts';
import { isExpressionAt } from '../../model/expression-at.ts';
import type { TextAt } from '../../model/source-file.ts';
import {
  childrenAndCleanups,
  listPhases,
  listSteps,
  ownChildren,
  ownChildrenAndCleanups,
} from '../../model/walk-steps.ts';
import type { PlannedFlow } from '../flow/plan-flow.ts';
import { listJudgements } from '../names/judgements.ts';
import type { PlannedStep } from '../read/context.ts';
import { CODES, type Findings } from '../read/findings.ts';
import type { TextContext } from '../read/texts.ts';
import { ELSE, findGrowthRead, type Growth, readsGrowth, WHOLE } from './growth-reads.ts';
import { listJudgedSteps } from './judged-steps.ts';

/** An expression at its place, and whether it has to be true. */
interface Read {
  readonly ast: Node;
  readonly text: TextAt;
  readonly isCondition: boolean;
}

interface Found {
  readonly node: Node;
  readonly text: TextAt;
  /** Whether it is known only that all of the result is taken. */
  readonly isHandedOn: boolean;
}

type Functions = ReadonlyMap<string, FunctionDef>;

/** Marks the steps that end as soon as they have enough though the flow asks how many there are, and warns of them. */
export function markCountedResults(flow: PlannedFlow, { functions, findings }: TextContext): void {
  const phases = listPhases(flow);
  if (!listSteps(phases, childrenAndCleanups).some(({ foresight }) => foresight.growth)) return;
  const cleanups = listSteps(phases, ownChildren).flatMap(({ cleanup = [] }) => cleanup);
  const judged = listJudgedSteps(flow, [...phases, ...cleanups]).filter(
    ({ step }) => step.foresight.growth && !step.expectsError,
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
        elsewhere,
        createGrowth(step, (node) => readKeyById(node, step)),
      );
    if (!found) continue;
    step.uses.isCounted = true;
    warnCounted(step, found, findings);
  }
}

function warnCounted({ id, foresight }: PlannedStep, { node, text, isHandedOn }: Found, findings: Findings): void {
  // What a path takes is read as an expression of its own.
  const { offset, length } = isPath(text) ? { offset: 0, length: text.text.length } : node;
  const written = text.text.slice(offset, offset + length);
  const asks = isHandedOn ? `takes all of \`${id}\`, and with it` : 'asks';
  const message = `\`${written}\` ${asks} how many there are, but \`${id}\` ends as soon as there are enough: it keeps looking for a moment`;
  findings.warn(CODES.countedPastEnd, message, text.locate(offset, length), [
    `say it in the \`config\` of \`${id}\`: ${foresight.growth?.toLookOn}`,
  ]);
}

function createGrowth({ foresight, action }: PlannedStep, keyOf: Growth['keyOf']): Growth {
  const { list = '', number = '' } = action.result.items ?? {};
  return { keyOf, list, keys: foresight.growth?.keys ?? [], atLeast: foresight.bounds?.[number]?.atLeast ?? 1 };
}

function findRead(reads: readonly Read[], growth: Growth): Found | undefined {
  const followed: Growth = { ...growth, keyOf: (node) => growth.keyOf(node)?.replace(WHOLE, ELSE) };
  for (const { ast, text, isCondition } of reads) {
    const node = isCondition ? findGrowthRead(ast, growth) : readsGrowth(ast, growth) ? ast : undefined;
    if (node) return { node, text, isHandedOn: !readsGrowth(node, followed) };
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

/** What may ask for the result of another step: expressions, and what is handed on; other placeholders judge nothing. */
function listReadsElsewhere(flow: PlannedFlow, functions: Functions): readonly Read[] {
  const steps = listSteps(listPhases(flow), ownChildrenAndCleanups);
  const reads = steps.flatMap((step) => [
    ...listReads(step, functions),
    ...[step.when, step.authored].flatMap(listExpressions),
    ...(handsOn(step) ? listHandedOn(step.authored, { path: [], step }, functions) : []),
  ]);
  const all = [...reads, ...(flow.output ?? []).flatMap(({ text }) => readCapture(text, functions))];
  // A path is of its own step's result.
  return all.filter(({ text }) => !isPath(text));
}

function listExpressions(value: unknown): readonly Read[] {
  if (typeof value !== 'object' || value === null) return [];
  if (isExpressionAt(value)) return [{ ast: value.expression.ast, text: value.text, isCondition: true }];
  return Object.values(value).flatMap(listExpressions);
}

/** The placeholders that stand alone in the settings of what loops, calls or sets variables. */
function listHandedOn(
  value: unknown,
  at: { readonly path: readonly string[]; readonly step: PlannedStep },
  functions: Functions,
): readonly Read[] {
  const { path, step } = at;
  if (typeof value === 'string' && value.startsWith('{{')) {
    const span = step.config.spanAt(path);
    return readSource(value, { text: value, span, locate: () => span }, functions);
  }
  if (typeof value !== 'object' || value === null || isExpressionAt(value)) return [];
  return Object.entries(value).flatMap(([key, part]) => listHandedOn(part, { path: [...path, key], step }, functions));
}

/** Whether what stands in the settings of a step is a name, or a loop's items, for others. */
function handsOn({ bindings, calls, action }: PlannedStep): boolean {
  return bindings.length > 0 || calls !== undefined || action.result.variables !== undefined;
}

/** What a capture takes, as an expression: of a path the key that it begins with, and the position behind it, or all of it. */
function readCapture(text: TextAt, functions: Functions): readonly Read[] {
  const [, name, quoted, position = ''] = /^\s*\$(?:\.(\w+)|\[['"](\w+)['"]\])(\[\d+\])?/.exec(text.text) ?? [];
  const key = name ?? quoted;
  return readSource(isPath(text) ? `${key ?? '$env'}${position}` : text.text, text, functions);
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
  return /^\s*\$(?!\{|env\b)/.test(text);
}

/** What a node reads where the keys of the step's result are names: they hide its id. */
function readOwnKey(node: Node, step: PlannedStep): string | undefined {
  const [key, ...below] = readPath(node) ?? [];
  if (key === undefined || !step.resultKinds.has(key)) return readKeyById(node, step);
  return below.length === 0 ? key : undefined;
}

/** `wait.count`, `steps["wait"].count`, `get($env.wait, "count")`. */
function readKeyById(node: Node, { id, address }: PlannedStep): string | undefined {
  const path = readPath(node);
  if (!path) return undefined;
  const [name, ...rest] = path;
  if (name === undefined || (name === 'steps' && rest.length === 0)) return WHOLE;
  const [step, key = WHOLE, ...below] = name === 'steps' ? rest : path;
  if (step !== id && (name !== 'steps' || step !== address)) return ELSE;
  return below.length === 0 ? key : undefined;
}

/** The names and literal keys that a node is made of, from a name of the flow on. */
function readPath(given: Node): readonly string[] | undefined {
  const node = unchain(given);
  if (node.kind === 'name') return node.name === '$env' ? [] : [node.name];
  const { object, key } = readMember(node);
  const path = object && key !== undefined ? readPath(object) : undefined;
  return path && key !== undefined ? [...path, key] : undefined;
}

function readMember(node: Node): { readonly object?: Node | undefined; readonly key?: string | undefined } {
  if (node.kind === 'member') return { object: node.object, key: node.name };
  const [object, index] =
    node.kind === 'index' ? [node.object, node.index] : node.kind === 'call' && node.name === 'get' ? node.args : [];
  return index?.kind === 'literal' && typeof index.value === 'string' ? { object, key: index.value } : {};
}

function unchain(node: Node): Node {
  return node.kind === 'chain' ? unchain(node.body) : node;
}
