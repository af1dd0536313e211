import * as z from 'zod/mini';
import { isList, isNumber, type Value } from '../../expr/index.ts';
import type { AgreePlan, AgreeSettings, AgreeThing, NameRef, Renderable } from '../../model/plan.ts';
import type { Span } from '../../model/source-file.ts';
import type { MapEntry } from '../../source/yaml/node.ts';
import { compileRenderable } from '../compile/renderable.ts';
import type { PlanContext, PlannedStep, PlannedVariable } from '../read/context.ts';
import { describeNode } from '../read/fields.ts';
import { CODES } from '../read/findings.ts';
import { type Fields, isNothing } from '../read/keys.ts';
import type { TextContext } from '../read/texts.ts';
import { findSetting, reportEmpty } from './plan-watches.ts';

const THING_NAME = /^[A-Za-z][\w-]*$/;

const SETTINGS = z.strictObject({
  id: z.custom<Value>(areIds, 'expected an id: text or a number, or a list of them'),
  fields: z.optional(z.array(z.string()).check(z.minLength(1))),
  except: z.optional(z.array(z.string()).check(z.minLength(1))),
});

export interface AgreePlanning {
  readonly context: PlanContext;
  readonly flowId: string;
  /** The flow's other parts, which make the names that it knows. */
  readonly flow: {
    readonly steps: readonly PlannedStep[];
    readonly variables: readonly PlannedVariable[];
    readonly columns: readonly string[];
  };
}

interface PlannedAgree {
  readonly plan: AgreePlan;
  readonly refs: readonly NameRef[];
}

/** Plans `agree`, the nearest that is said: `auto`, `off`, or the things that have to agree with the names that they read; undefined: nothing is compared. */
export function planAgree(fields: Fields, planning: AgreePlanning): PlannedAgree | undefined {
  const { context, flowId } = planning;
  reportEmpty('agree', fields, context);
  const field = findSetting('agree', fields, { context, flowId });
  if (!field) return undefined;
  const { key, value } = field;
  if (value.kind === 'map') {
    const planned = value.entries.flatMap((entry) => planThing(entry, context) ?? []);
    // What testmesh.yaml says of all flows holds for those that know such a thing.
    const isOfAll = field === context.flowSettings?.ofAll.get('agree');
    const things = isOfAll
      ? planned.filter(({ refs }) => refs.every(({ name }) => knowsName(name, planning)))
      : planned;
    return {
      plan: things.map(({ thing, span }) => (isOfAll ? thing : { ...thing, span })),
      refs: things.flatMap(({ refs }) => refs),
    };
  }
  const word = value.kind === 'scalar' ? value.value : undefined;
  if (word === 'auto') return { plan: 'auto', refs: [] };
  if (word === 'off' || word === false) return undefined;
  const help = word === true ? 'write `auto`' : 'for example `{order: {id: "{{order_id}}", fields: [total, status]}}`';
  const message = `\`${key.text.text}\`: expected \`auto\`, \`off\` or a map of things, got ${describeNode(value)}`;
  context.findings.error(CODES.wrongValue, message, value.span, [help]);
  return undefined;
}

function knowsName(name: string, { context, flow }: AgreePlanning): boolean {
  const { steps, variables, columns } = flow;
  return (
    context.givenNames.has(name) ||
    context.calledWith?.has(name) === true ||
    columns.includes(name) ||
    variables.some((variable) => variable.name === name) ||
    steps.some(({ id, provides }) => id === name || provides.includes(name))
  );
}

function planThing(
  { key, value }: MapEntry,
  context: TextContext,
): { thing: AgreeThing; span: Span; refs: readonly NameRef[] } | undefined {
  const name = key.text.text;
  const example = `write \`${name}: {id: "{{${name}_id}}"}\``;
  if (!THING_NAME.test(name)) {
    const help = ['it is called as its records are: `order` for what `order_id` names'];
    context.findings.error(CODES.badId, `\`${name}\` cannot be the name of a thing`, key.span, help);
    return undefined;
  }
  if (value.kind !== 'map') {
    const place = isNothing(value) ? key.span : value.span;
    const message = `\`agree.${name}\`: expected a map with \`id\`, got ${describeNode(value)}`;
    context.findings.error(CODES.wrongValue, message, place, [example]);
    return undefined;
  }
  const options = { what: `agree.${name}`, schema: SETTINGS, where: 'output', anchor: key.span } as const;
  const { renderable, refs } = compileRenderable(value, options, context);
  const thing = { name, settings: renderable as Renderable<AgreeSettings> };
  return { thing, span: key.span, refs };
}

function areIds(value: unknown): boolean {
  const values = isList(value as Value) ? (value as readonly Value[]) : [value as Value];
  return values.every((one) => typeof one === 'string' || isNumber(one ?? null));
}
