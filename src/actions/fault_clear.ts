import * as z from 'zod/mini';
import type { ActionDefinition } from '../model/action/definition.ts';
import { countOf } from '../util/count.ts';
import { checkProxyName, mentionProxy } from './fault/check-faults.ts';
import { findProxy } from './fault/open-proxy.ts';
import { forgetFaults } from './settings/set-faults.ts';

const settings = z.strictObject({ proxy: z.string() });

/** Ends the faults of a proxy, and says who met them. */
export const faultClear: ActionDefinition<z.output<typeof settings>> = {
  name: 'fault_clear',
  summary: 'Ends the faults of a proxy; the result says how much they affected',
  settings: { schema: settings, check: checkProxyName, mentions: mentionProxy },
  result: {
    keys: { connections: 'number', requests: 'number', bytes: 'number', total: 'map' },
    example: 'requests == 1',
  },
  judges: true,
  traits: { isLocal: true, isAlone: true },
  async run({ proxy: id }, io) {
    const proxy = findProxy(id, io);
    const { met, total, notes } = await proxy.clear();
    forgetFaults(id, io);
    for (const note of notes) io.report.note(note);
    const counts = { request: met.requests, connection: met.connections };
    const usual = proxy.protocol === 'http' ? 'request' : 'connection';
    const named = (['request', 'connection'] as const).filter(
      (one) => counts[one] > 0 || (one === usual && met.connections + met.requests === 0),
    );
    const what = named.map((one) => countOf(counts[one], one)).join(' and ');
    return { result: { ...met, total: { ...total } }, summary: `${what} affected` };
  },
};
