import type { ActionDefinition } from '../model/action/definition.ts';
import { countOf } from '../util/count.ts';
import { checkStart, startFiles } from './stub/check-start.ts';
import { openStub } from './stub/open-stub.ts';
import { routeReading, type StartSettings, startSettings } from './stub/stub-settings.ts';

/** Starts a server in the place of a service, for the length of the flow. */
export const mockServerStart: ActionDefinition<StartSettings> = {
  name: 'mock_server_start',
  summary: 'Starts a stub: a server in place of a service, until the flow ends',
  settings: {
    schema: startSettings,
    ...routeReading,
    files: startFiles,
    check: checkStart,
    note: {
      example: '{ routes: [{ method: GET, path: /users/:id, response: { body: { id: "{{request.params.id}}" } } }] }',
      more: ['routes', 'what a route has'],
    },
  },
  result: {
    started: 'stub',
    keys: { url: 'string', port: 'number', ca: 'string?' },
  },
  judges: true,
  traits: { isLocal: true },
  async run(config, io) {
    const { port, url, ca = null, routeCount } = await openStub(config, io);
    return { result: { url, port, ca }, summary: `${url}, ${countOf(routeCount, 'route')}` };
  },
};
