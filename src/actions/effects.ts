import { loadPostgresClient } from '../drivers/postgres/postgres-client.ts';
import type { ActionDefinition } from '../model/action/definition.ts';
import type { Resources } from '../model/action/resources.ts';
import type { SettingsNote } from '../model/action/settings.ts';
import { MESSAGE_KEYS, WHERE_NAMES } from './effects/attribution.ts';
import { ARMING_SETTINGS, checkEffects, type EffectsSettings, effectsSettings } from './effects/effects-settings.ts';
import { EffectsWatch } from './effects/effects-watch.ts';
import { describeSeen, listSeenDetails, toResult } from './effects/report-effects.ts';

const ALL = { '*': 'any' };
const UNASKED = { others: 'any', timeout: '5s' };

const NOTE: SettingsNote = {
  example: '{ tables: { shop.orders: +1, shop.products: changed }, topics: { order.placed: 1 } }',
  values: [
    'values of tables and topics',
    [
      ['+1, -1', 'so many rows or messages come, or so many rows go, and nothing else'],
      ['changed', 'rows change, and none comes or goes'],
      ['{added: 1, changed: any}', 'each by itself, with `deleted`: a number, or `any`; one left out is 0'],
      ['any', 'whatever happens'],
      ['none', 'nothing happens'],
    ],
  ],
};

/** Says what a flow or a step may change, and that nothing else changes. */
export const effects: ActionDefinition<EffectsSettings> = {
  name: 'effects',
  summary: 'What a flow or a step may change in tables and topics, and nothing else',
  settings: {
    schema: effectsSettings,
    connection: { setting: 'connection', gives: ['connection'] },
    expressions: { where: WHERE_NAMES, 'where.*': WHERE_NAMES },
    seen: () => ({ message: MESSAGE_KEYS }),
    check: checkEffects,
    note: NOTE,
  },
  control: {
    watches: true,
    unasked: [
      { tables: ALL, topics: ALL, ...UNASKED },
      { tables: ALL, ...UNASKED },
      { topics: ALL, ...UNASKED },
    ],
    borrows: [['connection'], ['brokers', 'sasl', 'tls']],
  },
  result: { keys: { count: 'number', changes: 'array' }, items: { noun: 'change', list: 'changes', number: 'count' } },
  judges: true,
  traits: { isInternal: true, ownsDeadline: true, foresee: foreseeOthers },
  preparation: {
    load: loadPostgresClient,
    settings: ARMING_SETTINGS,
    async prepare(settings, io) {
      const watches = await openWatches(io.resources);
      watches.set(io.step.address, await EffectsWatch.open(settings, io));
    },
  },
  async run(settings, io) {
    const watches = await openWatches(io.resources);
    const watch = watches.get(io.step.address);
    watches.delete(io.step.address);
    if (!watch) throw new Error(`nothing was looked at before \`${io.step.address}\``);
    const verdict = await watch.judge(settings, io);
    const { problems, seen } = verdict;
    return {
      result: toResult(seen),
      summary: describeSeen(seen),
      problems,
      details: listSeenDetails(verdict),
    };
  },
};

/** Without `where` what another flow causes would count. */
function foreseeOthers(authored: unknown) {
  const hasWhere = Object(authored)['where'] !== undefined;
  return hasWhere ? {} : { seesOthers: "`where` tells what is the flow's own, so that others may run beside it" };
}

function openWatches(resources: Resources): Promise<Map<string, EffectsWatch>> {
  return resources.open('effects', async () => ({ value: new Map(), close: async () => undefined }));
}
