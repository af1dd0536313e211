import * as z from 'zod/mini';
import type { ActionDefinition } from '../model/action/definition.ts';
import { countOf } from '../util/count.ts';
import { checkServer, mentionServer } from './stub/check-routes.ts';
import { findStub } from './stub/verify.ts';

const settings = z.strictObject({ server: z.string() });

/** Has a stub forget the requests that it got. */
export const mockServerReset: ActionDefinition<z.output<typeof settings>> = {
  name: 'mock_server_reset',
  summary: 'Makes a stub forget the requests that it got; its routes stay as they are',
  settings: { schema: settings, check: checkServer, mentions: mentionServer },
  result: { keys: { forgotten: 'number' } },
  judges: true,
  traits: { isLocal: true },
  async run({ server: id }, io) {
    const view = findStub(id, io);
    const forgotten = view.log.total;
    view.log.clear();
    view.strays.clear();
    return { result: { forgotten }, summary: `${countOf(forgotten, 'request')} forgotten` };
  },
};
