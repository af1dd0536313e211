import type { ActionDefinition } from '../model/action/definition.ts';
import { isRecord } from './settings/authored.ts';
import { checkVerify, foreseeRequests, mentionServer } from './stub/check-routes.ts';
import { seeRequest } from './stub/seen-request.ts';
import { type VerifySettings, verifySettings } from './stub/stub-settings.ts';
import { verifyRequests } from './stub/verify.ts';

/** Checks which requests a stub got. */
export const mockServerVerify: ActionDefinition<VerifySettings> = {
  name: 'mock_server_verify',
  summary: 'Checks which requests a stub got, how many, and with what',
  settings: {
    schema: verifySettings,
    expressions: { where: ['request'] },
    seen: seeRequest,
    mentions: mentionServer,
    check: checkVerify,
  },
  result: {
    keys: { count: 'number', requests: 'array' },
    items: { noun: 'request', list: 'requests', number: 'count' },
  },
  judges: true,
  traits: {
    isLook: (authored) => isRecord(authored) && authored['within'] === undefined,
    ownsDeadline: true,
    foresee: foreseeRequests,
  },
  run: verifyRequests,
};
