import type { ActionDefinition } from '../model/action.ts';
import type { NameRef, Renderable, StepPlan } from '../model/plan.ts';
import type { MapNode, Node } from '../source/node.ts';
import type { PlanContext, PlannedStep, StepPlace } from './context.ts';
import { describeNode } from './fields.ts';
import { CODES } from './findings.ts';
import type { Field } from './keys.ts';
import { type Compiled, compileRenderable } from './renderable.ts';

export interface ActionPlan {
  readonly config: Renderable<unknown>;
  readonly preparation: StepPlan['preparation'];
  readonly authored: unknown;
  readonly refs: readonly NameRef[];
  readonly children: readonly PlannedStep[];
  readonly resultNames: ReadonlySet<string>;
  readonly provides: readonly string[];
  /** Assertions that the settings hold, for the step's own list. */
  readonly assertions: Node | undefined;
}

export interface ActionSource {
  readonly action: ActionDefinition;
  readonly node: MapNode;
  readonly fields: ReadonlyMap<string, Field>;
  readonly address: string;
  readonly place: StepPlace;
  readonly planStep: (node: MapNode, place: StepPlace, context: PlanContext) => PlannedStep;
}

/** Plans the settings of a step's action, and the child steps of a control. */
export function planAction(source: ActionSource, context: PlanContext): ActionPlan {
  const { action, fields, node } = source;
  const config = fields.get('config')?.value ?? emptyMap(fields.get('action')?.value ?? node);
  const children = planChildren(config, source, context);
  const childNames = new Set(children.flatMap((child) => [...child.resultNames]));
  const omitted = [...(action.steps ?? []), ...(action.assertions ? [action.assertions] : [])];
  const compiled = compileRenderable(
    config,
    {
      what: action.name,
      schema: action.config,
      where: 'config',
      expressions: findExpressionNames(action, childNames),
      verbatim: action.verbatim,
      omit: omitted,
      aliases: action.configAliases,
      anchor: fields.get('action')?.value.span,
    },
    context,
  );
  tellFindings(action, compiled, context);
  const resultNames = new Set([...action.result, ...(action.resultOf?.(compiled.authored) ?? []), ...childNames]);
  return {
    config: compiled.renderable,
    preparation: planPreparation(action, compiled),
    authored: compiled.authored,
    refs: compiled.refs,
    children,
    resultNames,
    provides: action.provides?.(compiled.authored) ?? [],
    assertions: action.assertions ? findEntry(config, action.assertions) : undefined,
  };
}

function planPreparation(action: ActionDefinition, compiled: Compiled): StepPlan['preparation'] {
  if (!action.prepare) return undefined;
  const { prepares } = action;
  const refs = compiled.refs.filter(
    (ref) => !prepares || (ref.setting !== undefined && prepares.includes(ref.setting)),
  );
  const config = prepares ? compiled.pick(prepares) : compiled.renderable;
  return { config, names: new Set(refs.map((ref) => ref.name)) };
}

function planChildren(config: Node, source: ActionSource, context: PlanContext): PlannedStep[] {
  const children: PlannedStep[] = [];
  for (const key of source.action.steps ?? []) {
    const value = findEntry(config, key);
    if (!value) {
      const span = source.fields.get('action')?.value.span ?? source.node.span;
      context.findings.error(CODES.missingKey, `\`${source.action.name}\` needs \`${key}\``, span);
      continue;
    }
    for (const item of value.kind === 'seq' ? value.items : [value]) {
      if (item.kind !== 'map') {
        context.findings.error(
          CODES.wrongValue,
          `\`${key}\`: expected a step (a map), got ${describeNode(item)}`,
          item.span,
        );
        continue;
      }
      const place: StepPlace = { phase: source.place.phase, number: children.length + 1, parent: source.address };
      children.push(source.planStep(item, place, context));
    }
  }
  return children;
}

function findExpressionNames(
  action: ActionDefinition,
  childNames: ReadonlySet<string>,
): Map<string, ReadonlySet<string>> {
  const names = new Map<string, ReadonlySet<string>>();
  for (const [path, seen] of Object.entries(action.expressions ?? {})) {
    names.set(path, seen === 'child' ? childNames : new Set(seen));
  }
  return names;
}

function tellFindings(
  action: ActionDefinition,
  compiled: ReturnType<typeof compileRenderable>,
  context: PlanContext,
): void {
  for (const finding of action.check?.(compiled.authored) ?? []) {
    const span = compiled.renderable.spanAt(finding.path);
    if (finding.severity === 'error') context.findings.error(finding.code, finding.message, span, finding.help);
    else context.findings.warn(finding.code, finding.message, span, finding.help);
  }
}

function findEntry(node: Node, key: string): Node | undefined {
  return node.kind === 'map' ? node.entries.find((entry) => entry.key.text.text === key)?.value : undefined;
}

function emptyMap(anchor: Node): MapNode {
  return { kind: 'map', entries: [], span: anchor.span, isRaw: false };
}
