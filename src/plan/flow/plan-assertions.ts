import * as z from 'zod/mini';
import type { AssertionPlan, NameRef, Renderable } from '../../model/plan.ts';
import type { MapNode, Node } from '../../source/yaml/node.ts';
import { compileRenderable } from '../compile/renderable.ts';
import { suggestComparison } from '../foreign/assertions.ts';
import type { PlanContext } from '../read/context.ts';
import { CODES } from '../read/findings.ts';
import { type KeyTable, readFields } from '../read/keys.ts';
import { compileExpressionNode, findNameRefs } from '../read/texts.ts';

const ASSERTION_KEYS: KeyTable = { expression: 'needed', message: true };

export interface AssertionScope {
  /** The setting that holds the list. */
  readonly what: 'assert' | 'assertions';
  readonly resultNames: ReadonlySet<string>;
  readonly refs: NameRef[];
  /** Whether nothing is known of the result: then the names in the assertions are not looked up. */
  readonly isBroken: boolean;
}

/** Compiles a list of assertions: expressions, or `{expression, message}`; a single text is a list of one. */
export function planAssertions(node: Node | undefined, scope: AssertionScope, context: PlanContext): AssertionPlan[] {
  if (!node) return [];
  if (node.kind === 'seq' && node.items.length === 0 && scope.what === 'assertions') {
    const help = 'for example `- total == 3`; to make `data` known to later steps alone, remove it';
    context.findings.error(CODES.wrongValue, '`assertions`: expected at least 1 item, got an empty list', node.span, [
      help,
    ]);
  }
  const assertions: AssertionPlan[] = [];
  for (const item of node.kind === 'seq' ? node.items : [node]) {
    const assertion =
      item.kind === 'map'
        ? planLongAssertion(item, scope, context)
        : compileExpressionNode(item, `an assertion in \`${scope.what}\``, context);
    if (!assertion) continue;
    if (!scope.isBroken)
      scope.refs.push(...findNameRefs(assertion.expression, assertion.text, 'assert', scope.resultNames));
    assertions.push(assertion);
  }
  return assertions;
}

function planLongAssertion(map: MapNode, scope: AssertionScope, context: PlanContext): AssertionPlan | undefined {
  const { findings } = context;
  if (reportComparison(map, scope, context)) return undefined;
  const fields = readFields(map, { table: ASSERTION_KEYS, what: 'an assertion' }, findings);
  const source = fields.get('expression');
  if (!source) {
    if (!fields.misspelt.has('expression'))
      findings.error(CODES.missingKey, `an assertion in \`${scope.what}\` needs \`expression\``, map.span, [
        'for example `{expression: status == 200, message: "the user is there"}`',
      ]);
    return undefined;
  }
  const expression = compileExpressionNode(source.value, '`expression`', context);
  const message = fields.get('message');
  if (!expression || !message) return expression;
  const compiled = compileRenderable(message.value, { what: 'message', schema: z.string(), where: 'assert' }, context);
  if (!scope.isBroken) {
    const refs = compiled.refs.filter((ref) => !scope.resultNames.has(ref.name));
    scope.refs.push(...refs.map((ref) => ({ ...ref, besides: scope.resultNames })));
  }
  return { message: compiled.renderable as Renderable<string>, ...expression };
}

/** `status: 200`, `eq: [status, 200]`: a map that means a comparison. */
function reportComparison(map: MapNode, scope: AssertionScope, context: PlanContext): boolean {
  const names = map.entries.map(({ key }) => key.text.text);
  const written = names.includes('expression') ? undefined : suggestComparison(map);
  const isOfNames = names.every((name) => scope.resultNames.has(name.replace(/[.[].*$/, '')));
  if (written === undefined && (names.length === 0 || !isOfNames)) return false;
  const comparisons = map.entries.flatMap(({ key, value }) => {
    if (value.kind !== 'scalar') return [];
    const expected = typeof value.value === 'string' ? JSON.stringify(value.value) : value.text.text;
    return [`${key.text.text} == ${expected || 'nil'}`];
  });
  const message = `expected an assertion in \`${scope.what}\` (an expression), got a map`;
  const place = map.entries[0]?.key.span ?? map.span;
  context.findings.error(CODES.wrongValue, message, place, [
    `write it as an expression: \`- ${written ?? comparisons[0] ?? 'status == 200'}\``,
  ]);
  return true;
}
