import { stringifyJson } from '../../expr/index.ts';
import type { ActionDefinition } from '../../model/action/definition.ts';
import { findEntry, type MapNode, type Node, toData } from '../../source/yaml/node.ts';
import type { PlanContext } from '../read/context.ts';
import { Findings } from '../read/findings.ts';
import { listWatchKeys } from '../read/watch-keys.ts';
import { placeDefaults } from './place-defaults.ts';
import { replaceEntry } from './synthetic.ts';

/** Gives an action the settings that it leaves out and that the flow's other steps agree on: with one database there is one to mean. */
export function borrowSettings(
  config: Node,
  { control }: ActionDefinition,
  { root, actions, flowSettings }: PlanContext,
): Node {
  if (!control?.borrows || !root || config.kind !== 'map') return config;
  const configs = listConfigs(root, {
    actions,
    flowSettings,
    watchKeys: listWatchKeys(actions),
    seen: new Set(),
  }).filter((other) => other !== config);
  return control.borrows.reduce<MapNode>((given, [lead = '', ...others]) => {
    if (findEntry(given, lead)) return given;
    const found = configs.flatMap((other) => findLent(other, lead, actions) ?? []);
    const distinct = new Map(found.map((lent) => [describeLent(lent, others), lent]));
    const [lent] = distinct.values();
    return lent && distinct.size === 1 ? borrow(given, lent, [lead, ...others]) : given;
  }, config);
}

/** Settings of a step, with the one that is to be borrowed under its own name. */
interface Lent {
  readonly config: MapNode;
  readonly value: Node;
}

/** The setting itself, or by another spelling that an action has for it. */
function findLent(config: MapNode, lead: string, actions: PlanContext['actions']): Lent | undefined {
  const spellings = [...actions.values()].flatMap(({ settings }) =>
    Object.entries(settings.aliases ?? {}).flatMap(([spelling, setting]) => (setting === lead ? [spelling] : [])),
  );
  const value = [lead, ...spellings].map((key) => findEntry(config, key)?.value).find((found) => found !== undefined);
  return value && { config, value };
}

function describeLent({ config, value }: Lent, others: readonly string[]): string {
  const rest = others.map((key) => findEntry(config, key)?.value);
  return [value, ...rest].map((node) => (node ? stringifyJson(toData(node)) : '')).join('\n');
}

function borrow(given: MapNode, { config, value }: Lent, [lead = '', ...others]: readonly string[]): MapNode {
  return others.reduce(
    (map, key) => {
      const other = findEntry(config, key)?.value;
      return other && !findEntry(given, key) ? replaceEntry(map, key, other) : map;
    },
    replaceEntry(given, lead, value),
  );
}

interface Search extends Pick<PlanContext, 'actions' | 'flowSettings'> {
  readonly watchKeys: readonly string[];
  readonly seen: Set<Node>;
}

/** The settings of a step, with those of the connection that it names. */
function findConfig(step: MapNode, { actions, flowSettings }: Search): Node | undefined {
  const named = findEntry(step, 'action')?.value;
  const config = named && findEntry(step, 'config')?.value;
  const action = named?.kind === 'scalar' ? actions.get(named.text.text) : undefined;
  if (!action) return config;
  const own = config ?? { kind: 'map', entries: [], span: step.span, isRaw: false };
  return placeDefaults(own, action, { flowSettings, findings: new Findings() });
}

/** The settings of all steps, those inside of others too, and of what watches them. */
function listConfigs(node: Node, search: Search): readonly MapNode[] {
  const { watchKeys, seen } = search;
  if (node.kind === 'scalar' || seen.has(node)) return [];
  seen.add(node);
  if (node.kind === 'seq') return node.items.flatMap((item) => listConfigs(item, search));
  const config = findConfig(node, search);
  const watches = watchKeys.map((key) => findEntry(node, key)?.value);
  const below = node.entries.flatMap(({ value }) => listConfigs(value, search));
  return [...[config, ...watches].flatMap((own) => (own?.kind === 'map' ? [own] : [])), ...below];
}
