import type { ActionDefinition } from '../../model/action/definition.ts';
import { positionAt, type Span } from '../../model/source-file.ts';
import type { MapNode, Node } from '../../source/yaml/node.ts';
import { findEntry } from '../../source/yaml/node.ts';
import { explainOtherSetting } from '../foreign/settings.ts';
import type { PlanContext, PlannedStep, StepPlace } from '../read/context.ts';
import { describeNode } from '../read/fields.ts';
import { CODES, type Findings } from '../read/findings.ts';
import { isNothing } from '../read/keys.ts';

export interface ChildrenSource {
  readonly action: ActionDefinition;
  /** Its settings. */
  readonly config: Node;
  /** Of the control. */
  readonly address: string;
  readonly place: StepPlace;
  /** Settings that stand beside `config`, which is reported already. */
  readonly misplaced: ReadonlySet<string>;
  /** The word that asks for the steps. */
  readonly anchor: Span;
  readonly planStep: (node: MapNode, place: StepPlace, context: PlanContext) => PlannedStep;
}

/** A setting that holds steps: `step`, `then[]`, `branches[].steps[]?`. */
interface StepsSetting {
  readonly segments: readonly { readonly key: string; readonly isList: boolean }[];
  readonly isOptional: boolean;
}

/** A list of steps that a control has, in the order written. */
interface ChildList {
  readonly items: readonly Node[];
  readonly key: string;
  readonly isList: boolean;
  /** `then`, `branches[0].steps`. */
  readonly group: string;
  /** What the addresses of its steps begin with. */
  readonly prefix: string;
}

/** The settings of a control that are planned as steps, as path patterns. */
export function listStepSettings(action: ActionDefinition): readonly string[] {
  return (action.control?.steps ?? []).map((pattern) => pattern.replace(/\?$/, '').replace(/\[\]$/, ''));
}

/** Plans the child steps of a control. */
export function planChildren(source: ChildrenSource, context: PlanContext): PlannedStep[] {
  const planned: PlannedStep[] = [];
  const counts = new Map<string, number>();
  const seen = new Map<string, PlannedStep>();
  for (const list of findLists(source, context)) {
    for (const item of list.items) {
      if (item.kind !== 'map') {
        reportNoStep(item, list, context);
        continue;
      }
      const number = (counts.get(list.prefix) ?? 0) + 1;
      counts.set(list.prefix, number);
      const { phase, isCleanup } = source.place;
      const place: StepPlace = { phase, number, prefix: list.prefix, group: list.group, isCleanup };
      const step = source.planStep(item, place, context);
      const twin = seen.get(step.address);
      if (twin) reportDuplicate(step, twin, `\`${source.address}\``, context.findings);
      seen.set(step.address, step);
      planned.push(step);
    }
  }
  return planned;
}

/** Reports that two steps of one list have one id. */
export function reportDuplicate(step: PlannedStep, twin: PlannedStep, where: string, findings: Findings): void {
  const message = `the id \`${step.id}\` is used twice in ${where}: first at line ${lineOf(twin)}`;
  const what = where.startsWith('`') ? 'there' : 'of a phase';
  const unnamed = [twin, step].find(({ id, span }) => !span.file.text.slice(span.start, span.end).includes(id));
  const origin = unnamed
    ? [`a step without \`id\` is named after its position: that is \`${step.id}\` at line ${lineOf(unnamed)}`]
    : [];
  findings.error(CODES.duplicateId, message, step.span, [...origin, `give each step ${what} an id of its own`]);
}

function lineOf({ span }: PlannedStep): number {
  return positionAt(span.file, span.start).line;
}

function findLists(source: ChildrenSource, context: PlanContext): readonly ChildList[] {
  const settings = (source.action.control?.steps ?? []).map(parseSetting);
  const areAlternatives = settings.length > 1 && settings.every((setting) => setting.isOptional);
  if (areAlternatives && !isOneGiven(settings, source, context.findings)) return [];
  return settings.flatMap((setting) => findListsOf(setting, source, context));
}

function parseSetting(pattern: string): StepsSetting {
  const isOptional = pattern.endsWith('?');
  const segments = pattern
    .replace(/\?$/, '')
    .split('.')
    .map((word) => ({ key: word.replace(/\[\]$/, ''), isList: word.endsWith('[]') }));
  return { segments, isOptional };
}

/** Of settings that all may be absent one has to be there, and no second one. */
function isOneGiven(settings: readonly StepsSetting[], source: ChildrenSource, findings: Findings): boolean {
  const keys = settings.map(({ segments }) => segments[0]?.key ?? '');
  const given = keys.flatMap((key) => {
    const entry = findEntry(source.config, key);
    return entry && !isNothing(entry.value) ? [entry] : [];
  });
  const [first, second] = given;
  if (first && !second) return true;
  if (first && second) {
    const message = `\`${first.key.text.text}\` and \`${second.key.text.text}\` mean the same: write one of them`;
    findings.error(CODES.bothSpellings, message, second.key.span, [`keep \`${keys[0]}\``]);
  } else reportMissing(source, keys[0] ?? '', { span: source.anchor, isList: true }, findings);
  return false;
}

function findListsOf(setting: StepsSetting, source: ChildrenSource, context: PlanContext): readonly ChildList[] {
  const [first, second] = setting.segments;
  if (!first) return [];
  const { config, address, anchor } = source;
  if (!second) {
    const about = { group: first.key, prefix: `${address}>`, anchor, isOptional: setting.isOptional };
    return findList(config, first, about, { source, context });
  }
  const outer = findEntry(config, first.key)?.value;
  if (outer?.kind !== 'seq') return [];
  const names = new Set<string>();
  return outer.items.flatMap((item, index) => {
    if (item.kind !== 'map') return [];
    const name = nameItem(item, { word: first.key, index, names }, context.findings);
    const about = {
      group: `${first.key}[${index}].${second.key}`,
      prefix: `${address}>${name}>`,
      anchor: item.entries[0]?.key.span ?? item.span,
      isOptional: false,
    };
    return findList(item, second, about, { source, context });
  });
}

function findList(
  node: Node,
  { key, isList }: StepsSetting['segments'][number],
  about: { group: string; prefix: string; anchor: Span; isOptional: boolean },
  { source, context }: { source: ChildrenSource; context: PlanContext },
): readonly ChildList[] {
  const { group, prefix, anchor, isOptional } = about;
  const entry = findEntry(node, key);
  const value = entry && !isNothing(entry.value) ? entry.value : undefined;
  if (!value) {
    if (!isOptional)
      reportMissing(source, key, { span: entry?.key.span ?? anchor, isList, isEmpty: !!entry }, context.findings);
    return [];
  }
  const items = isList && value.kind === 'seq' ? value.items : [value];
  if (items.length === 0 && !isOptional) {
    reportMissing(source, key, { span: entry?.key.span ?? anchor, isList, isEmpty: true }, context.findings);
  }
  return [{ items, key, isList, group, prefix }];
}

function reportMissing(
  { action, config, misplaced }: ChildrenSource,
  key: string,
  { span, isList, isEmpty = false }: { span: Span; isList: boolean; isEmpty?: boolean },
  findings: Findings,
): void {
  const words = config.kind === 'map' ? config.entries.map((entry) => entry.key.text.text) : [];
  if (misplaced.has(key) || words.some((word) => explainOtherSetting(word, [key], () => false))) return;
  const example = isList ? `${key}: [{action: …, config: …}]` : `${key}: {action: …, config: …}`;
  const message = isEmpty ? `\`${key}\` is empty` : `\`${action.name}\` needs \`${key}\``;
  findings.error(CODES.missingKey, message, span, [`write it below \`config:\`, as \`${example}\``]);
}

function reportNoStep(item: Node, { key, isList }: ChildList, context: PlanContext): void {
  const message = `\`${key}\`: expected ${isList ? 'a step' : 'one step'} (a map), got ${describeNode(item)}`;
  context.findings.error(CODES.wrongValue, message, item.span, ['a step is a map with `action:` and `config:`']);
}

/** What an item of a list of lists is called in addresses: its name, written as an id, or `branch_2`. */
function nameItem(
  item: MapNode,
  { word, index, names }: { word: string; index: number; names: Set<string> },
  findings: Findings,
): string {
  const entry = findEntry(item, 'name');
  const text = entry?.value.kind === 'scalar' && !isNothing(entry.value) ? entry.value.text.text.trim() : '';
  const name = text.replaceAll(/[^\p{L}\p{N}_-]+/gu, '_') || `${word.replace(/(es|s)$/, '')}_${index + 1}`;
  if (names.has(name) && entry) {
    findings.error(CODES.duplicateId, `two of the ${word} are called \`${text}\``, entry.value.span, [
      'give each a name of its own',
    ]);
  }
  names.add(name);
  return name;
}
