import * as z from 'zod/mini';
import type { ActionDefinition } from '../model/action/definition.ts';
import { duration } from '../model/settings.ts';
import { roundMs } from './settings/numbers.ts';

const settings = z.strictObject({ duration: duration() });

/** Waits a fixed time. */
export const delay: ActionDefinition<z.output<typeof settings>> = {
  name: 'delay',
  summary: 'Waits a fixed time',
  settings: { schema: settings },
  result: { keys: { waited_ms: 'number' } },
  judges: true,
  traits: { isLocal: 'computed', isFixedWait: true },
  async run(config, io) {
    const startedAt = io.clock.monotonic();
    await io.stop.idle(({ signal }) => io.clock.sleep(config.duration, signal));
    return { result: { waited_ms: roundMs(io.clock.monotonic() - startedAt) }, summary: '' };
  },
};
