import type { ActionDefinition } from '../../model/action/definition.ts';
import type { DefaultSettings } from '../../model/action/settings.ts';
import { findEntry, type MapEntry, type MapNode, type Node } from '../../source/yaml/node.ts';
import type { PlanContext } from '../read/context.ts';
import { listKeys } from '../read/schema-keys.ts';
import { placeConnection } from './place-connection.ts';
import { replaceEntry } from './synthetic.ts';

type Context = Pick<PlanContext, 'flowSettings' | 'findings'>;

/** What a step says beside its settings that goes before defaults. */
export interface StepSays {
  /** Whether it has a `timeout` of its own. */
  readonly hasTimeout: boolean;
}

/** The settings with what testmesh.yaml says of all steps of the kind: what the step says goes before it, what it leaves empty takes it away. */
export function placeDefaults(
  config: Node,
  action: ActionDefinition,
  context: Context,
  { hasTimeout }: StepSays = { hasTimeout: false },
): Node {
  const { defaults } = action.settings;
  const given = defaults && context.flowSettings?.defaults?.get(defaults.group);
  const own = placeConnection(config, action, context);
  if (!defaults || !given || own.kind !== 'map') return own;
  const known = listKnown(action);
  const placed = placeConnection(keepKnown(given, known), action, context);
  if (placed.kind !== 'map') return own;
  const common = withoutSaid(placed, own, defaults);
  const said = new Set(own.entries.map(({ key }) => known.get(key.text.text) ?? key.text.text));
  if (hasTimeout) said.add('timeout');
  const isSaid = (key: string): boolean => {
    const others = defaults.together?.find((keys) => keys.includes(key)) ?? [key];
    return others.some((one) => said.has(one));
  };
  return common.entries.reduce<MapNode>((merged, { key, value }) => {
    const name = known.get(key.text.text) ?? key.text.text;
    const entry = own.entries.find((one) => (known.get(one.key.text.text) ?? one.key.text.text) === name);
    if (defaults.merged?.includes(name) && entry?.value.kind === 'map' && value.kind === 'map')
      return replaceEntry(merged, entry.key.text.text, merge(entry.value, value));
    if (entry && isEmpty(entry.value)) return without(merged, entry.key.text.text);
    return isSaid(name) ? merged : replaceEntry(merged, name, value);
  }, own);
}

/** Without what the step says by another setting: a header in the place of `auth`, and the other way round. */
function withoutSaid(common: MapNode, own: MapNode, { instead = [] }: DefaultSettings): MapNode {
  return instead.reduce((kept, [setting, map, part]) => {
    const isPart = ({ key }: MapEntry): boolean => key.text.text.toLowerCase() === part;
    const ownMap = findEntry(own, map)?.value;
    if (ownMap?.kind === 'map' && ownMap.entries.some(isPart)) return without(kept, setting);
    const value = findEntry(own, setting) && findEntry(kept, map)?.value;
    if (value?.kind !== 'map') return kept;
    return replaceEntry(kept, map, { ...value, entries: value.entries.filter((entry) => !isPart(entry)) });
  }, common);
}

/** Each spelling of a setting with the setting. */
function listKnown({ settings }: ActionDefinition): ReadonlyMap<string, string> {
  return new Map([
    ...listKeys(settings.schema, []).map((key) => [key, key] as const),
    ...Object.entries(settings.aliases ?? {}),
  ]);
}

/** Those that the action has: its kind has others, too. */
function keepKnown(given: MapNode, known: ReadonlyMap<string, string>): MapNode {
  return { ...given, entries: given.entries.filter(({ key }) => known.has(key.text.text)) };
}

/** By the names of headers, of which letters may be small or large. */
function merge(own: MapNode, common: MapNode): MapNode {
  const nameOf = ({ key }: MapEntry): string => key.text.text.toLowerCase();
  const [ownNames, commonNames] = [own, common].map(({ entries }) => new Set(entries.map(nameOf)));
  const added = common.entries.filter((entry) => !ownNames?.has(nameOf(entry)));
  const kept = own.entries.filter((entry) => !(isEmpty(entry.value) && commonNames?.has(nameOf(entry))));
  return { ...own, entries: [...added, ...kept] };
}

function isEmpty(node: Node): boolean {
  return node.kind === 'scalar' && node.value === null;
}

function without(map: MapNode, key: string): MapNode {
  const entry = findEntry(map, key);
  return { ...map, entries: map.entries.filter((one) => one !== entry) };
}
