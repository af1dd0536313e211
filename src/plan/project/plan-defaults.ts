import { dirname } from 'node:path';
import type { ActionDefinition } from '../../model/action/definition.ts';
import type { MapNode } from '../../source/yaml/node.ts';
import { findNearest, listNames } from '../../util/suggest.ts';
import { describeNode, readMap } from '../read/fields.ts';
import { CODES } from '../read/findings.ts';
import { type Fields, isNothing, readFields } from '../read/keys.ts';
import { listKeys } from '../read/schema-keys.ts';
import { placeFiles } from './plan-connections.ts';
import type { ProjectContext } from './written-companion.ts';

/** Reads the settings of all steps of a kind, by its name; what stands in them is checked where a step is given it. */
export function readDefaults(fields: Fields, context: ProjectContext): ReadonlyMap<string, MapNode> {
  const { actions, findings, file } = context;
  const groups = listGroups(actions);
  const defaults = new Map<string, MapNode>();
  for (const { key, value } of readMap(fields.get('defaults'), findings)?.entries ?? []) {
    const name = key.text.text;
    const members = groups.get(name);
    if (!members) {
      const group = actions.get(name)?.settings.defaults?.group ?? findNearest(name, groups.keys());
      const help =
        group === undefined ? `there are those of ${listNames([...groups.keys()])}` : `did you mean \`${group}\`?`;
      findings.error(CODES.unknownKey, `there are no defaults of \`${name}\``, key.span, [help]);
    } else if (value.kind === 'map') {
      const words = members.flatMap(({ settings }) => [
        ...listKeys(settings.schema, []),
        ...Object.keys(settings.aliases ?? {}),
      ]);
      const table = Object.fromEntries(words.map((word) => [word, true as const]));
      readFields(value, { table, what: `\`defaults.${name}\`` }, findings);
      defaults.set(name, placeFiles(value, dirname(file.absolutePath)));
    } else if (!isNothing(value)) {
      const message = `\`defaults.${name}\`: expected a map, got ${describeNode(value)}`;
      findings.error(CODES.wrongValue, message, value.span, ['for example `defaults: {http: {timeout: 10s}}`']);
    }
  }
  return defaults;
}

/** The actions that have defaults, by the key that these stand below. */
export function listGroups(actions: ProjectContext['actions']): ReadonlyMap<string, readonly ActionDefinition[]> {
  const groups = new Map<string, ActionDefinition[]>();
  for (const action of new Set(actions.values())) {
    const { defaults } = action.settings;
    if (defaults) groups.set(defaults.group, [...(groups.get(defaults.group) ?? []), action]);
  }
  return groups;
}
