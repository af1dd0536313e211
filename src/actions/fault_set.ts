import type { ActionDefinition } from '../model/action/definition.ts';
import { ActionError } from '../model/action/outcome.ts';
import { formatDuration } from '../util/duration.ts';
import { checkFaults, findForeignFault, mentionTarget } from './fault/check-faults.ts';
import { type FaultSettings, faultSettings } from './fault/fault-settings.ts';
import { findProxy } from './fault/open-proxy.ts';
import { noteFaults } from './settings/set-faults.ts';

/** Sets faults in a proxy, beside those that hold there already. */
export const faultSet: ActionDefinition<FaultSettings> = {
  name: 'fault_set',
  summary: 'Sets faults in a proxy: latency, resets, silence, refused connections, broken answers',
  settings: {
    schema: faultSettings,
    check: checkFaults,
    mentions: mentionTarget,
    note: {
      example: '{ proxy: pg, faults: { latency: 200ms } }',
      more: ['faults', 'which faults there are'],
    },
  },
  result: { keys: { faults: 'array' } },
  judges: true,
  traits: { isLocal: true, isAlone: true },
  async run(config, io) {
    const proxy = findProxy(config.proxy, io);
    const names = Object.keys(config.faults);
    const wrong = findForeignFault(config, { id: config.proxy, protocol: proxy.protocol });
    if (wrong) throw new ActionError({ kind: 'authoring', code: 'TM382', message: wrong.message, hints: [wrong.hint] });
    await proxy.set({ ...config, location: io.step.locate(['faults']) });
    const untilMs = io.clock.monotonic() + (config.for ?? Number.POSITIVE_INFINITY);
    await noteFaults({ address: proxy.address, proxy: config.proxy, names, step: io.step.id, untilMs }, io);
    const time = config.for === undefined ? '' : ` for ${formatDuration(config.for)}`;
    return { result: { faults: names }, summary: `${names.join(', ')}${time}` };
  },
};
