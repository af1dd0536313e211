import { dirname } from 'node:path';
import * as z from 'zod/mini';
import type { ActionDefinition } from '../../model/action/definition.ts';
import type { ConfigFinding } from '../../model/action/settings.ts';
import type { Foresight } from '../../model/action/traits.ts';
import type { NameRef, Renderable, StepPlan } from '../../model/plan.ts';
import type { Span } from '../../model/source-file.ts';
import type { MapNode, Node } from '../../source/yaml/node.ts';
import { findEntry, findNodes } from '../../source/yaml/node.ts';
import { readFileTemplates } from '../compile/file-templates.ts';
import { type Compiled, compileRenderable } from '../compile/renderable.ts';
import { borrowSettings } from '../lower/borrow-settings.ts';
import { placeDefaults } from '../lower/place-defaults.ts';
import { checkSeenKeys } from '../names/check-seen-keys.ts';
import type { PlanContext, PlannedStep, ResultKinds, StepPlace } from '../read/context.ts';
import { CODES, Findings } from '../read/findings.ts';
import type { Fields } from '../read/keys.ts';
import { readNamedFile } from '../read/named-file.ts';
import { type PlannedCall, planCall } from './plan-call.ts';
import { listStepSettings, planChildren } from './plan-children.ts';
import { listChildKinds, listKindsOf, mergeKinds } from './result-kinds.ts';

export interface ActionPlan extends ActionSettings, ActionBelow {
  readonly refs: readonly NameRef[];
  readonly resultKinds: ResultKinds;
  readonly hasOpenResult: boolean;
  readonly foresight: Foresight;
  readonly provides: readonly string[];
  readonly mentions: PlannedStep['mentions'];
}

/** What the action gets. */
export interface ActionSettings {
  readonly config: Renderable<unknown>;
  readonly preparation: StepPlan['preparation'];
  readonly authored: unknown;
  readonly inputs: StepPlan['inputs'];
  /** Assertions that the settings hold, for the step's own list. */
  readonly assertions: Node | undefined;
}

/** What the action runs. */
export interface ActionBelow {
  readonly children: readonly PlannedStep[];
  /** The flow that it calls. */
  readonly calls: PlannedCall['flow'] | undefined;
  /** Names that only its steps see. */
  readonly bindings: readonly string[];
  /** Whether a child is so wrong that nothing can be said of the result. */
  readonly isBroken: boolean;
}

export interface ActionSource {
  readonly action: ActionDefinition;
  readonly node: MapNode;
  readonly fields: Fields;
  readonly address: string;
  readonly place: StepPlace;
  /** Settings that stand beside `config`, which is reported already. */
  readonly misplaced: ReadonlySet<string>;
  readonly planStep: (node: MapNode, place: StepPlace, context: PlanContext) => PlannedStep;
}

/** Plans the settings of a step's action, and the child steps of a control. */
export function planAction(source: ActionSource, fileContext: PlanContext): ActionPlan {
  const { action, fields, node, misplaced } = source;
  const { settings, control, result, traits } = action;
  // What is missing below a `config` that is spelt otherwise is no mistake of its own.
  const context = fields.misspelt.has('config') ? { ...fileContext, findings: new Findings() } : fileContext;
  const anchor = fields.get('action')?.value.span ?? node.span;
  const authored = fields.get('config')?.value ?? emptyMap(anchor);
  const config = completeSettings(authored, source, context);
  const call = control?.calls && planCall({ action, config, address: source.address, anchor }, context);
  const children = call?.children ?? planChildren({ config, anchor, ...source }, context);
  const isBroken = isControlBroken(action, children, call);
  const childKinds = listChildKinds(action, children);
  const compiled = compileRenderable(
    config,
    {
      what: context.settingsOf ?? action.name,
      isConfig: context.settingsOf === undefined && !control?.watches,
      schema: settings.schema,
      where: 'config',
      expressions: findExpressionNames(action, new Set(childKinds.keys())),
      late: toSets(settings.late),
      verbatim: settings.verbatim,
      omit: [...listStepSettings(action), ...(settings.assertions ? [settings.assertions] : [])],
      aliases: settings.aliases,
      anchor,
      misplaced,
    },
    context,
  );
  if (config.kind === 'map') reportFindings(source, { compiled, anchor, config }, context);
  const ownKeys = result.keysOf ? result.keysOf(compiled.authored) : {};
  return {
    config: compiled.renderable,
    preparation: planPreparation(action, compiled),
    authored: compiled.authored,
    refs: isBroken ? withoutChildRefs(compiled.refs, action) : compiled.refs,
    children,
    calls: call?.flow,
    inputs: call && control?.calls ? planInputs(findEntry(config, control.calls.input)?.value, context) : undefined,
    resultKinds:
      children.length === 0 && !call && Object.keys(ownKeys ?? {}).length === 0
        ? listKindsOf(result.keys)
        : mergeKinds(
            Object.entries({ ...result.keys, ...ownKeys }),
            childKinds,
            (call?.resultNames ?? []).map((name) => [name, 'any']),
          ),
    hasOpenResult: !ownKeys || (childKinds.size > 0 && children.some((child) => child.hasOpenResult)),
    foresight: traits?.foresee?.(compiled.authored) ?? {},
    provides: result.variables?.(compiled.authored) ?? [],
    bindings: control?.binds?.(compiled.authored) ?? [],
    mentions: (settings.mentions?.(compiled.authored) ?? []).map((mention) => ({
      ...mention,
      span: compiled.renderable.spanAt(mention.path),
    })),
    assertions: settings.assertions ? findEntry(config, settings.assertions)?.value : undefined,
    isBroken,
  };
}

/** The settings with what stands elsewhere: in other steps, in testmesh.yaml, in files. */
function completeSettings(authored: Node, { action, fields }: ActionSource, context: PlanContext): Node {
  const lent = borrowSettings(authored, action, context);
  const placed = placeDefaults(lent, action, context, { hasTimeout: fields.has('timeout') });
  return readFileTemplates(placed, action, context);
}

function planPreparation(action: ActionDefinition, compiled: Compiled): StepPlan['preparation'] {
  if (!action.preparation?.prepare) return undefined;
  const { settings: prepares } = action.preparation;
  const refs = compiled.refs.filter(
    (ref) => !prepares || (ref.setting !== undefined && prepares.includes(ref.setting)),
  );
  const config = prepares ? compiled.pick(prepares) : compiled.renderable;
  return { config, names: new Set(refs.map((ref) => ref.name)) };
}

/** What a call gives, each value by itself: some may be known before others. What is wrong with them is reported already. */
function planInputs(node: Node | undefined, context: PlanContext): StepPlan['inputs'] {
  if (node?.kind !== 'map') return new Map();
  const quiet = { ...context, findings: new Findings() };
  return new Map(
    node.entries.map(({ key, value }) => {
      const options = { what: key.text.text, schema: z.unknown(), where: 'config' } as const;
      return [key.text.text, compileRenderable(value, options, quiet).renderable];
    }),
  );
}

/** Whether so much is wrong that nothing can be said of its result. */
function isControlBroken(
  action: ActionDefinition,
  children: readonly PlannedStep[],
  call: PlannedCall | undefined,
): boolean {
  if (action.control?.calls) return !call || children.some((child) => child.isBroken);
  return action.control?.steps !== undefined && (children.length === 0 || children.some((child) => child.isBroken));
}

function findExpressionNames(
  action: ActionDefinition,
  childNames: ReadonlySet<string>,
): Map<string, ReadonlySet<string>> {
  const names = new Map<string, ReadonlySet<string>>();
  for (const [path, seen] of Object.entries(action.settings.expressions ?? {})) {
    names.set(path, seen === 'child' ? childNames : new Set(seen));
  }
  return names;
}

function toSets(named: Readonly<Record<string, readonly string[]>> | undefined) {
  return named && new Map(Object.entries(named).map(([path, names]) => [path, new Set(names)]));
}

/** Without the names in expressions over a result of which nothing is known. */
function withoutChildRefs(refs: readonly NameRef[], action: ActionDefinition): readonly NameRef[] {
  const overChild = Object.entries(action.settings.expressions ?? {}).filter(([, seen]) => seen === 'child');
  const settings = new Set(overChild.map(([path]) => path.replace(/[.[].*$/, '')));
  return refs.filter((ref) => ref.setting === undefined || !settings.has(ref.setting));
}

function reportFindings(
  { action, misplaced }: ActionSource,
  about: { compiled: Compiled; anchor: Span; config: Node },
  context: PlanContext,
): void {
  const { compiled, anchor, config } = about;
  if (misplaced.size === 0) {
    const { check, files } = action.settings;
    for (const finding of [
      ...(check?.(compiled.authored) ?? []),
      ...(files?.check?.(compiled.authored, dirname(context.file.absolutePath)) ?? []),
    ]) {
      if (!compiled.hasUnknownAt(finding.path))
        reportFinding(finding, placeOfFinding(finding, compiled, anchor), context);
    }
  }
  checkSeenKeys(compiled, action.settings, context.findings);
  const { paths = [], attachments = [] } = action.settings.files ?? {};
  for (const pattern of [...paths, ...attachments]) {
    for (const file of findNodes(config, pattern)) {
      if (file.kind !== 'scalar' || typeof file.value !== 'string' || /\{\{|\$\{|<<|\n/.test(file.value)) continue;
      readNamedFile(file.text, CODES.missingFile, context, attachments.includes(pattern) ? 'bytes' : 'text');
    }
  }
}

function reportFinding({ severity, code, message, help }: ConfigFinding, span: Span, context: PlanContext): void {
  if (severity === 'error') context.findings.error(code, message, span, help);
  else context.findings.warn(code, message, span, help);
}

function placeOfFinding({ path, isKey }: ConfigFinding, compiled: Compiled, anchor: Span): Span {
  if (path.length === 0) return anchor;
  return (isKey ? compiled.keyAt(path) : undefined) ?? compiled.renderable.spanAt(path);
}

function emptyMap(span: Span): MapNode {
  return { kind: 'map', entries: [], span, isRaw: false };
}
