import { listWatchKeys, withWatchKeys } from '../flow/plan-watches.ts';
import type { FlowSettings, PlanContext } from '../read/context.ts';
import { describeNode, readMap } from '../read/fields.ts';
import { CODES, type Findings } from '../read/findings.ts';
import { type Field, type Fields, readFields } from '../read/keys.ts';
import { FLOW_SETTINGS_KEYS } from './project-keys.ts';

type Actions = PlanContext['actions'];

/** Reads what testmesh.yaml says of all flows, and below `flow_settings` of those with an id; what it means is known with each flow. */
export function readFlowSettings(fields: Fields, actions: Actions, findings: Findings): FlowSettings {
  const byId = new Map<string, ReadonlyMap<string, Field>>();
  for (const { key, value } of readMap(fields.get('flow_settings'), findings)?.entries ?? []) {
    const what = `\`flow_settings.${key.text.text}\``;
    if (value.kind === 'map')
      byId.set(
        key.text.text,
        pick(readFields(value, { table: withWatchKeys(FLOW_SETTINGS_KEYS, actions), what }, findings), actions),
      );
    else findings.error(CODES.wrongValue, `${what}: expected a map, got ${describeNode(value)}`, key.span);
  }
  return { ofAll: pick(fields, actions), byId };
}

function pick(fields: Fields, actions: Actions): ReadonlyMap<string, Field> {
  return new Map(
    [...listWatchKeys(actions), 'agree'].flatMap((key) => {
      const field = fields.get(key);
      return field ? [[key, field] as const] : [];
    }),
  );
}
