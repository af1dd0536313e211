import type { Value } from '../../expr/index.ts';
import { LOAD_METRICS, type MetricAbout } from '../../model/load/load-metrics.ts';
import type { NameRef, RecordPlan, Renderable } from '../../model/plan.ts';
import { anyValue } from '../../model/settings.ts';
import type { Node, ScalarNode } from '../../source/yaml/node.ts';
import { findNearest, listNames } from '../../util/suggest.ts';
import { compileRenderable } from '../compile/renderable.ts';
import type { PlanContext } from '../read/context.ts';
import { describeNode } from '../read/fields.ts';
import { CODES } from '../read/findings.ts';
import { type Field, type KeyTable, readFields } from '../read/keys.ts';

const KEYS: KeyTable = { type: 'needed', value: 'needed', unit: true };
const NAME = /^[A-Za-z_][A-Za-z0-9_]{0,127}$/;
const KINDS: readonly MetricAbout['kind'][] = ['trend', 'counter', 'gauge', 'rate'];
const UNITS: readonly MetricAbout['unit'][] = ['none', 'ms', 'bytes'];
const EXAMPLE = 'for example `record: {order_value: {type: trend, value: "{{body.total}}"}}`';

interface RecordContext {
  readonly context: PlanContext;
  /** Names that the step gives itself, by its result and what it captures. */
  readonly own: ReadonlySet<string>;
  readonly refs: NameRef[];
}

/** Plans what a step measures of its own; the names that it reads are added to `refs`. */
export function planRecord(field: Field | undefined, about: RecordContext): readonly RecordPlan[] | undefined {
  if (!field) return undefined;
  const { findings } = about.context;
  if (field.value.kind === 'map')
    return field.value.entries.flatMap(({ key, value }) => planOne(key, value, about) ?? []);
  findings.error(
    CODES.wrongValue,
    `\`record\`: expected a map of metrics, got ${describeNode(field.value)}`,
    field.value.span,
    [EXAMPLE],
  );
  return undefined;
}

function planOne(key: ScalarNode, node: Node, { context, own, refs }: RecordContext): RecordPlan | undefined {
  const { findings } = context;
  const name = key.text.text;
  if (!NAME.test(name))
    findings.error(CODES.badId, `\`${name}\` cannot be a metric's name`, key.span, [
      'it is letters, digits and `_`, does not begin with a digit, and is 128 characters long at most',
    ]);
  if (Object.hasOwn(LOAD_METRICS, name))
    findings.error(CODES.badId, `\`${name}\` is a metric that each load has`, key.span, ['take another name']);
  if (node.kind !== 'map') {
    const message = `\`${name}\`: expected a map with \`type\` and \`value\`, got ${describeNode(node)}`;
    findings.error(CODES.wrongValue, message, node.span, [EXAMPLE]);
    return undefined;
  }
  const fields = readFields(node, { table: KEYS, what: `the metric \`${name}\`` }, findings);
  const [type, unit, value] = [fields.get('type'), fields.get('unit'), fields.get('value')];
  for (const [word, one] of [
    ['type', type],
    ['value', value],
  ] as const)
    if (!one && !fields.misspelt.has(word))
      findings.error(CODES.missingKey, `the metric \`${name}\` needs \`${word}\``, key.span, [EXAMPLE]);
  const kind = type && readWord('type', type.value, KINDS, context);
  const about = { kind, unit: unit ? readWord('unit', unit.value, UNITS, context) : 'none' } as const;
  if (!value) return undefined;
  const options = { what: name, schema: anyValue(), where: 'output', anchor: value.key.span } as const;
  const compiled = compileRenderable(value.value, options, context);
  refs.push(...compiled.refs.filter((ref) => !own.has(ref.name)).map((ref) => ({ ...ref, besides: own })));
  if (about.kind === undefined || about.unit === undefined) return undefined;
  const reads = compiled.refs.flatMap((ref) => (own.has(ref.name) ? [ref.name] : []));
  const rendered = compiled.renderable as Renderable<Value>;
  return { name, span: key.span, kind: about.kind, unit: about.unit, value: rendered, reads };
}

function readWord<T extends string>(
  what: string,
  node: Node,
  words: readonly T[],
  { findings }: PlanContext,
): T | undefined {
  const word = node.kind === 'scalar' ? node.text.text : undefined;
  const found = words.find((one) => one === word);
  if (found !== undefined) return found;
  const nearest = word === undefined ? undefined : findNearest(word, words);
  findings.error(
    CODES.wrongValue,
    `\`${what}\`: expected one of ${listNames(words)}, got ${describeNode(node)}`,
    node.span,
    [...(nearest === undefined ? [] : [`did you mean \`${nearest}\`?`])],
  );
  return undefined;
}
