import type { Span } from '../../model/source-file.ts';
import { reportEmpty } from '../flow/plan-watches.ts';
import type { FlowSettings, PlanContext } from '../read/context.ts';
import { describeNode, readMap } from '../read/fields.ts';
import { CODES, type Findings } from '../read/findings.ts';
import { type Field, type Fields, readFields } from '../read/keys.ts';
import { listWatchKeys, withWatchKeys } from '../read/watch-keys.ts';
import { FLOW_SETTINGS_KEYS } from './project-keys.ts';

type Actions = PlanContext['actions'];

/** Reads what testmesh.yaml says of all flows, and below `flow_settings` of those with an id; what it means is known with each flow. */
export function readFlowSettings(fields: Fields, actions: Actions, findings: Findings): FlowSettings {
  const table = withWatchKeys(FLOW_SETTINGS_KEYS, actions);
  const byId = new Map<string, ReadonlyMap<string, Field>>();
  const spans = new Map<string, Span>();
  const pick = (from: Fields): ReadonlyMap<string, Field> => pickWatches(from, actions, findings);
  for (const { key, value } of readMap(fields.get('flow_settings'), findings)?.entries ?? []) {
    spans.set(key.text.text, key.span);
    const what = `\`flow_settings.${key.text.text}\``;
    if (value.kind === 'map') byId.set(key.text.text, pick(readFields(value, { table, what }, findings)));
    else findings.error(CODES.wrongValue, `${what}: expected a map, got ${describeNode(value)}`, key.span);
  }
  return { ofAll: pick(fields), byId, spans };
}

function pickWatches(fields: Fields, actions: Actions, findings: Findings): ReadonlyMap<string, Field> {
  const found = new Map<string, Field>();
  for (const key of [...listWatchKeys(actions), 'agree']) {
    reportEmpty(key, fields, { findings });
    const field = fields.get(key);
    if (field) found.set(key, field);
  }
  return found;
}
