import { listChildren, type Node } from '../../../expr/index.ts';
import type { ExpressionAt } from '../../../model/expression-at.ts';
import { listJudgements } from '../../names/judgements.ts';
import type { PlannedStep } from '../../read/context.ts';
import { CODES, type Findings } from '../../read/findings.ts';

/** A key of a result that is always true, as a condition names it. */
interface Sure {
  readonly shown: string;
  readonly step: PlannedStep;
}

/** Warns of conditions that ask for a key which is true in every result: of the step itself, or of an earlier one by its id. */
export function warnSureBools(step: PlannedStep, byId: ReadonlyMap<string, PlannedStep>, findings: Findings): void {
  const warn = (condition: ExpressionAt, owners: readonly PlannedStep[]): void => {
    const { expression, text } = condition;
    if (!expression.names.some(({ name, path }) => find([name, ...path], owners, byId))) return;
    const visit = (node: Node): void => {
      const sure = find(readPath(node), owners, byId);
      if (sure) {
        const { shown } = sure;
        const message = `\`${shown}\` is always true: where the action fails, the step is errored`;
        findings.warn(CODES.neverHolds, message, text.locate(node.offset, node.length), [suggest(sure)]);
      }
      for (const part of listConditions(node)) visit(part);
    };
    visit(expression.ast);
  };
  for (const condition of step.assert) warn(condition, [step]);
  for (const condition of listJudgements(step)) warn(condition, step.children);
}

/** The parts of a condition that are conditions themselves, or are compared with `true` or `false`. */
function listConditions(node: Node): readonly Node[] {
  if (node.kind === 'unary' && node.operator === 'not') return [node.operand];
  if (node.kind === 'let' || node.kind === 'sequence') return listChildren(node);
  if (node.kind !== 'binary') return [];
  if (node.operator === 'and' || node.operator === 'or') return [node.left, node.right];
  const isBool = (side: Node): boolean => side.kind === 'literal' && typeof side.value === 'boolean';
  const isEqual = node.operator === '==' || node.operator === '!=';
  return isEqual && (isBool(node.left) || isBool(node.right)) ? [node.left, node.right] : [];
}

function readPath(node: Node): readonly (string | number)[] {
  if (node.kind === 'name') return [node.name];
  if (node.kind === 'chain') return readPath(node.body);
  return node.kind === 'member' && node.object.kind === 'name' ? [node.object.name, node.name] : [];
}

function find(
  [first = '', second]: readonly (string | number)[],
  owners: readonly PlannedStep[],
  byId: ReadonlyMap<string, PlannedStep>,
): Sure | undefined {
  if (second === undefined) {
    const step = owners.find(({ resultKinds }) => resultKinds.get(String(first)) === 'true');
    return step && { shown: String(first), step };
  }
  const step = byId.get(String(first));
  return step?.resultKinds.get(String(second)) === 'true' ? { shown: `${first}.${second}`, step } : undefined;
}

function suggest({ shown, step }: Sure): string {
  const { example } = step.action.result;
  const prefix = shown.includes('.') ? `${step.id}.` : '';
  return example === undefined ? 'leave it out' : `compare what came back, as in \`${prefix}${example}\``;
}
