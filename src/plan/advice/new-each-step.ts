import { listChildren, type Node, type NodeShape } from '../../expr/index.ts';
import { type ExpressionAt, isExpressionAt } from '../../model/expression-at.ts';
import type { NameRef } from '../../model/plan.ts';
import type { Span } from '../../model/source-file.ts';
import { listPhases, listSteps, ownChildren, ownChildrenAndCleanups } from '../../model/walk-steps.ts';
import type { PlannedFlow } from '../flow/plan-flow.ts';
import { listJudgements } from '../names/judgements.ts';
import type { PlannedStep } from '../read/context.ts';
import { CODES, type Findings } from '../read/findings.ts';
import { writeKey } from './write-key.ts';

/** Names whose value each step has for itself, with what to call one that is declared once. */
const RANDOM: ReadonlyMap<string, string> = new Map([
  ['UUID', 'ID'],
  ['RANDOM_ID', 'ID'],
]);
const TIMES: ReadonlyMap<string, string> = new Map(
  ['TIMESTAMP', 'ISO_TIMESTAMP', 'TIME', 'DATETIME'].map((name) => [name, 'AT']),
);

/** Most files hold none of the names, which is seen sooner than anything about their steps. */
const MAY_NAME = new RegExp([...RANDOM.keys(), ...TIMES.keys()].join('|'));

/** Warns of values that are new in each step where they would have to be those of another one. */
export function warnNewEachStep(flow: PlannedFlow, given: ReadonlySet<string>, findings: Findings): void {
  if (!MAY_NAME.test(flow.span.file.text)) return;
  const steps = listSteps(listPhases(flow), ownChildrenAndCleanups);
  const made = [...flow.declared.map(({ name }) => name), ...flow.columns, ...steps.flatMap(listMade)];
  const hidden = new Set([...given, ...made]);
  const report = (name: string, span: Span): void => {
    if (hidden.has(name)) return;
    const once = RANDOM.get(name) ?? TIMES.get(name);
    const message = TIMES.has(name)
      ? `\`${name}\` is the time of this step: nothing that another step sent is equal to it`
      : `\`${name}\` is new in each step: nothing that another step sent or a service made is equal to it`;
    findings.warn(CODES.newEachStep, message, span, [
      `declare it once, \`env: { ${once}: "{{${name}}}" }\`, and write \`${once}\` here and where it is sent`,
    ]);
  };
  for (const step of steps) {
    for (const { name, span } of listLookedFor(step)) report(name, span);
    for (const { name, span } of listAsserted(step)) report(name, span);
  }
  warnNewKeys(steps, hidden, findings);
}

function listMade({ provides, bindings }: PlannedStep): readonly string[] {
  return [...provides, ...bindings];
}

type Use = Pick<NameRef, 'name' | 'span'>;

/** The uses in settings that say what something else has to have sent. */
function listLookedFor({ ownNeeds, foresight, authored }: PlannedStep): readonly Use[] {
  const { expected: { settings: expected = [] } = {}, reading } = foresight;
  const isLookedUp = (name: string) => reading?.keys.includes(name) === true;
  const uses = ownNeeds.filter(
    ({ name, where, setting = '' }) => where === 'config' && (expected.includes(setting) || isLookedUp(name)),
  );
  const conditions = expected.flatMap((setting) => listConditions(Object(authored)[setting]));
  const isIn = ({ span }: Use, { text }: ExpressionAt) => text.span.start <= span.start && span.end <= text.span.end;
  const inTexts = uses.filter((use) => !conditions.some((condition) => isIn(use, condition)));
  return [...inTexts.filter(({ name }) => RANDOM.has(name) || TIMES.has(name)), ...conditions.flatMap(listEqual)];
}

function listConditions(authored: unknown): readonly ExpressionAt[] {
  if (isExpressionAt(authored)) return [authored];
  return typeof authored === 'object' && authored !== null ? Object.values(authored).flatMap(listConditions) : [];
}

/** The uses in conditions on a result, but for what its step itself sent. */
function listAsserted(step: PlannedStep): readonly Use[] {
  const sent = listSent([step]);
  const asserted = step.assert.flatMap(listEqual).filter(({ name }) => !sent.has(name));
  const judged = listJudgements(step).flatMap(listEqual);
  if (judged.length === 0) return asserted;
  const sentBelow = listSent(listSteps(ownChildren(step), ownChildren));
  return [...asserted, ...judged.filter(({ name }) => !sentBelow.has(name))];
}

function listSent(steps: readonly PlannedStep[]): ReadonlySet<string> {
  const refs = steps.flatMap(({ ownNeeds }) => ownNeeds);
  return new Set(refs.flatMap(({ name, where }) => (where === 'config' ? [name] : [])));
}

const EQUALITIES: ReadonlySet<string> = new Set(['==', '!=', 'in']);

/** The random names of a condition, and the times that something has to be equal to. */
function listEqual({ expression, text }: ExpressionAt): readonly Use[] {
  const found: Use[] = [];
  const visit = (node: Node, around?: NodeShape): void => {
    const isCompared = around?.kind === 'binary' && EQUALITIES.has(around.operator);
    if (node.kind === 'name' && (RANDOM.has(node.name) || (isCompared && TIMES.has(node.name))))
      found.push({ name: node.name, span: text.locate(node.offset, node.length) });
    for (const child of listChildren(node)) visit(child, node);
  };
  // Most conditions name nothing of the kind.
  if (expression.names.some(({ name }) => RANDOM.has(name) || TIMES.has(name))) visit(expression.ast);
  return found;
}

/** Warns of a key that is to tell a request that is sent again from a new one, and is new in both. */
function warnNewKeys(steps: readonly PlannedStep[], hidden: ReadonlySet<string>, findings: Findings): void {
  const seen = new Map<string, PlannedStep>();
  for (const step of steps) {
    const { identity, keys = [] } = step.foresight.repeated ?? {};
    for (const path of keys) {
      const name = findNew(step, path);
      const header = path.at(-1) ?? '';
      if (name === undefined || hidden.has(name)) continue;
      const known = writeKey([identity, header.toLowerCase(), name]);
      const first = seen.get(known);
      if (!first) seen.set(known, step);
      else {
        const message = `\`${name}\` is new in each step: the same request in \`${first.id}\` has another \`${header}\`, so that this one is no repetition`;
        findings.warn(CODES.newEachStep, message, step.config.spanAt(path), [
          `declare it once, \`env: { KEY: "{{${name}}}" }\`, and write \`{{KEY}}\` in both; \`{{uuid()}}\` says that it is to be another one`,
        ]);
      }
    }
  }
}

/** The name in the text of a setting whose value each step has for itself. */
function findNew({ ownNeeds, config }: PlannedStep, path: readonly string[]): string | undefined {
  const { file, start, end } = config.spanAt(path);
  const isNew = ({ name }: Use) => RANDOM.has(name) || TIMES.has(name);
  const isThere = ({ span }: Use) => span.file === file && start <= span.start && span.end <= end;
  return ownNeeds.find((ref) => isNew(ref) && isThere(ref))?.name;
}
